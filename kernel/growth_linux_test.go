// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// 200 clients connect to all five ports, ask, and leave, while a cell prints:
// neither goroutines nor descriptors are left, and the cell loses nothing.
func TestS4Row09NoGrowth(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	cell := r.send(t, kerneltest.Shell, code("pour"))
	<-b.begun
	// Something may be about to start still; what 50 of the clients leave is more.
	goroutines, files := runtime.NumGoroutine()+4, openFiles(t)+4
	for i := range 200 {
		c, err := kerneltest.Dial(deadline(t), r.Connection())
		if err != nil {
			t.Fatal(err)
		}
		if i%4 == 0 { // some ask before they leave
			if _, err := c.WaitIOPub(deadline(t), "iopub_welcome"); err != nil {
				t.Fatal(err)
			}
			if _, err := c.Request(deadline(t), kerneltest.Control, wire.KernelInfoRequest{}); err != nil {
				t.Fatal(err)
			}
		}
		c.Close()
	}
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for ctx := deadline(t); runtime.NumGoroutine() > goroutines || openFiles(t) > files; {
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Fatalf("%d goroutines were %d, %d open files were %d", runtime.NumGoroutine(), goroutines, openFiles(t), files)
		}
	}
	close(b.resume)
	x := r.wait(t, cell, kerneltest.Exchange.Served)
	checkBalanced(t, x)
	if got, want := x.Text(wire.Stdout), b.poured(); got != want {
		t.Errorf("%d bytes arrived of %d", len(got), len(want))
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}
