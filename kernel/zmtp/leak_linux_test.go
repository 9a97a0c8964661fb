// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"context"
	"os"
	"runtime"
	"testing"
	"time"
)

// TestRow09Trap11NoGrowth: connections that come and go, with and without a
// handshake, leave neither goroutines nor file descriptors behind.
func TestRow09Trap11NoGrowth(t *testing.T) {
	const cycles = 200
	for _, port := range ports() {
		t.Run(port.name, func(t *testing.T) {
			addr := port.listen(t)
			goroutines, files := runtime.NumGoroutine(), openFiles(t)
			for i := range cycles {
				peer := dialRaw(t, addr)
				switch i % 4 {
				case 0: // says nothing
				case 1:
					peer.greet()
				case 2:
					peer.handshake(port.client)
				case 3:
					peer.handshake(port.client)
					peer.write(frame(0, []byte("\x01ask")))
					peer.readFrame()
				}
				peer.conn.Close()
			}
			eventually(t, func() bool { return runtime.NumGoroutine() <= goroutines && openFiles(t) <= files })
			port.works(t, addr)
		})
	}
}

// eventually waits for a state of the process that nothing signals.
func eventually(t *testing.T, reached func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for !reached() {
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Fatalf("still %d goroutines and %d open files", runtime.NumGoroutine(), openFiles(t))
		}
	}
}

// openFiles counts the file descriptors of this process.
func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}
