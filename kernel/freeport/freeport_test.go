// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package freeport

import (
	"net"
	"testing"
)

func TestListen(t *testing.T) {
	taken := map[int]bool{}
	for range 50 {
		l, err := Listen()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		port := l.Addr().(*net.TCPAddr).Port
		if port < first || port > last || taken[port] {
			t.Errorf("port %d", port)
		}
		taken[port] = true
	}
}
