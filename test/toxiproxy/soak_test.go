// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package toxiproxy

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

var soakCells = flag.Int("soak", 500, "cells of TestRow86Soak")

// soakToxics are what one cell in a hundred meets. Requests arrive: those that
// do not are no cell's run.
var soakToxics = []struct {
	kind, stream string
	a            attributes
}{
	{"reset_peer", "downstream", attributes{"timeout": 0}},
	{"limit_data", "downstream", attributes{"bytes": 20}},
	{"limit_data", "downstream", attributes{"bytes": 300}},
	{"timeout", "downstream", attributes{"timeout": 50}},
	{"latency", "downstream", attributes{"latency": 50, "jitter": 20}},
	{"latency", "upstream", attributes{"latency": 50, "jitter": 20}},
	{"bandwidth", "downstream", attributes{"rate": 5}},
	{"slicer", "downstream", attributes{"average_size": 16, "size_variation": 8, "delay": 100}},
	{"slow_close", "downstream", attributes{"delay": 20}},
}

// usage is what a kernel could go on taking more and more of.
type usage struct {
	goroutines, files int
	heap              uint64
}

func used(t *testing.T) usage {
	t.Helper()
	u := usage{goroutines: runtime.NumGoroutine()}
	if entries, err := os.ReadDir("/proc/self/fd"); err == nil { // Linux tells
		u.files = len(entries)
	}
	runtime.GC()
	runtime.GC() // what the first one has finalized
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	u.heap = memory.HeapAlloc
	return u
}

// TestRow86Soak runs each of many cells exactly once, by the server's own
// count, though one in a hundred meets a fault of the network; nothing grows.
func TestRow86Soak(t *testing.T) {
	bn := newBench(t)
	bn.engine.Otherwise(livytest.Text("ok"))
	random := rand.New(rand.NewPCG(1, 2)) // the same faults each time
	bn.must("first", "ok\n")
	var early usage
	faults := 0
	for i := range *soakCells {
		if i == *soakCells/5 { // caches are full by then
			bn.client.CloseIdleConnections()
			early = used(t)
		}
		if random.IntN(100) == 0 {
			toxic := soakToxics[random.IntN(len(soakToxics))]
			bn.client.CloseIdleConnections()
			bn.poison(toxic.kind, toxic.stream, toxic.a)
			bn.healAt(getStatement)
			faults++
		}
		code := fmt.Sprintf("cell(%d)", i)
		bn.must(code, "ok\n")
		if t.Failed() {
			t.FailNow()
		}
		bn.heal()
		bn.server.Heal()
		bn.server.Forget()
		bn.engine.Forget()
	}
	bn.client.CloseIdleConnections()
	late := used(t)
	const slack = 20 // connections that are about to close
	const room = 2 << 20
	if late.goroutines > early.goroutines+slack || late.files > early.files+slack || late.heap > early.heap+room {
		t.Errorf("grown from %+v to %+v", early, late)
	}
	t.Logf("%d cells, %d faults; %+v after a fifth, %+v at the end", *soakCells, faults, early, late)
}
