// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"runtime"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

var soakCells = flag.Int("soak", 500, "cells of TestRow86Soak")

// soakFaults are what one in a hundred requests meets.
var soakFaults = []struct {
	pattern string
	fault   livytest.Fault
}{
	{postStatement, livytest.ResetAfterAcceptance()},
	{postStatement, livytest.CutAnswer(10)},
	{postStatement, livytest.TruncateJSON(20)},
	{postStatement, livytest.StatusAfterAcceptance(http.StatusGatewayTimeout)},
	{"GET /sessions/*/statements/*", livytest.ResetBefore()},
	{"GET /sessions/*/statements/*", livytest.Status(http.StatusBadGateway, "")},
	{"GET /sessions/*/statements/*", livytest.CutAnswer(10)},
}

// TestRow86Soak runs each of many cells exactly once, by the server's own
// count, though one request in a hundred meets a fault; nothing grows.
func TestRow86Soak(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.bridge.mends = true
	bn.engine.Otherwise(livytest.Text("ok"))
	random := rand.New(rand.NewPCG(1, 2)) // the same faults each time
	bn.must("first")
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	faults := 0
	for i := range *soakCells {
		if random.IntN(100) == 0 {
			f := soakFaults[random.IntN(len(soakFaults))]
			bn.server.Inject(f.pattern, f.fault)
			faults++
		}
		code := fmt.Sprintf("cell %d", i)
		r, err := bn.run(code)
		if err != nil || r.stdout() != "ok\n" {
			t.Fatalf("%s: %v, stdout %q", code, err, r.stdout())
		}
		if runs := bn.engine.Runs(code); runs != 1 {
			t.Fatalf("%s ran %d times", code, runs)
		}
	}
	bn.server.Heal()
	bn.client.CloseIdleConnections()
	const slack = 20 // connections that are about to close
	if now := runtime.NumGoroutine(); now > goroutines+slack {
		t.Errorf("%d goroutines, %d at first", now, goroutines)
	}
	if now := openFiles(t); now > files+slack {
		t.Errorf("%d open files, %d at first", now, files)
	}
	t.Logf("%d cells, %d faults", *soakCells, faults)
}

// openFiles counts this process's file descriptors; 0 where the system does not
// tell.
func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(entries)
}
