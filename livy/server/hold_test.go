// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"net/http"
	"testing"
	"time"
)

func TestPreferredWait(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"": 0, "wait=3": 3 * time.Second, "respond-async, WAIT = 2": 2 * time.Second, "wait=100000": maxHold,
		"wait=-1": 0, "wait=1e9": 0, "wait": 0, "waiting=3": 0,
	} {
		if got := preferredWait(&http.Request{Header: http.Header{"Prefer": {value}}}); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}
