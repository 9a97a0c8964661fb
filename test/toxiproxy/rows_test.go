// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package toxiproxy

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// TestSubmission poisons the answer to a statement that the server has taken:
// it is found on the server, its result is shown, and it ran once.
func TestSubmission(t *testing.T) {
	for name, c := range map[string]struct {
		toxic string
		a     attributes
	}{
		"Row16Timeout":           {"timeout", attributes{"timeout": 200}},
		"Row18ResetPeer":         {"reset_peer", attributes{"timeout": 0}},
		"Row19LimitDataInHeader": {"limit_data", attributes{"bytes": 20}},
		"Row19LimitDataInBody":   {"limit_data", attributes{"bytes": 300}},
	} {
		t.Run(name, func(t *testing.T) {
			bn := newBench(t)
			bn.must("1+1", "2\n")
			bn.engine.On("spend()", livytest.Text("spent"))
			bn.client.CloseIdleConnections() // a toxic of resets is one for new connections
			asked := bn.server.Count(getStatement)
			bn.poison(c.toxic, "downstream", c.a)
			bn.healAt(getStatement)
			bn.must("spend()", "spent\n")
			if n := bn.server.Submissions("spend()"); n != 1 || bn.server.Count(getStatement) == asked {
				t.Errorf("posted %d times, looked up %d times", n, bn.server.Count(getStatement)-asked)
			}
			bn.must("1+1", "2\n")
		})
	}
}

// TestRow17NothingArrives says that nothing was run, and so the cell can be run
// again when the network is back.
func TestRow17NothingArrives(t *testing.T) {
	bn := newBench(t)
	bn.must("1+1", "2\n")
	bn.engine.On("spend()", livytest.Text("spent"))
	bn.proxy.Stop()
	bn.client.CloseIdleConnections()
	if _, err := bn.run("spend()"); err == nil || !strings.Contains(err.Error(), "nothing was run") {
		t.Errorf("without a network: %v", err)
	}
	if err := bn.proxy.Start(); err != nil {
		t.Fatal(err)
	}
	bn.must("spend()", "spent\n")
	if n := bn.server.Submissions("spend()"); n != 1 {
		t.Errorf("posted %d times", n)
	}
}

// TestRow46CreateReset finds the session whose request had no answer.
func TestRow46CreateReset(t *testing.T) {
	for name, c := range map[string]struct {
		toxic string
		a     attributes
	}{
		"reset_peer": {"reset_peer", attributes{"timeout": 0}},
		"limit_data": {"limit_data", attributes{"bytes": 40}},
		"timeout":    {"timeout", attributes{"timeout": 200}},
	} {
		t.Run(name, func(t *testing.T) {
			bn := newBench(t)
			bn.poison(c.toxic, "downstream", c.a)
			bn.healAt(getSessions)
			bn.must("1+1", "2\n")
			if n := bn.server.Count(postSession); n != 1 || bn.engine.Living() != 1 || bn.server.Count(getSessions) == 0 {
				t.Errorf("%d sessions asked for, %d drivers, listed %d times", n, bn.engine.Living(), bn.server.Count(getSessions))
			}
		})
	}
}

// TestRow33ResetsWhilePolling goes on with a cell.
func TestRow33ResetsWhilePolling(t *testing.T) {
	bn := newBench(t)
	bn.must("1+1", "2\n")
	release := make(chan struct{})
	bn.engine.On("long", func(ctx context.Context, call livytest.Call) (server.Output, error) {
		bn.poison("reset_peer", "downstream", attributes{"timeout": 0})
		return livytest.Until(release, livytest.Text("done"))(ctx, call)
	})
	for range 7 {
		bn.server.Inject(getStatement, func(w http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(w, r) })
	}
	bn.server.Inject(getStatement, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		bn.heal()
		close(release)
		next.ServeHTTP(w, r)
	})
	bn.must("long", "done\n")
}

// TestRow34NetworkGone while a cell runs, and back again.
func TestRow34NetworkGone(t *testing.T) {
	bn := newBench(t)
	bn.must("1+1", "2\n")
	begun, release := make(chan struct{}), make(chan struct{})
	bn.engine.On("long", func(ctx context.Context, call livytest.Call) (server.Output, error) {
		close(begun)
		return livytest.Until(release, livytest.Text("done"))(ctx, call)
	})
	go func() {
		<-begun
		bn.proxy.Stop()
		close(release) // the code goes on there, and ends
		if err := bn.proxy.Start(); err != nil {
			t.Error(err)
		}
	}()
	bn.must("long", "done\n")
	if n := bn.server.Submissions("long"); n != 1 {
		t.Errorf("posted %d times", n)
	}
}

// TestRow35SlowNetwork brings a result whole, however slowly it comes.
func TestRow35SlowNetwork(t *testing.T) {
	text := strings.Repeat("0123456789abcdef", 4<<10)
	for name, c := range map[string]struct {
		toxic  string
		stream string
		a      attributes
	}{
		"latency of answers":  {"latency", "downstream", attributes{"latency": 5000}},
		"latency of requests": {"latency", "upstream", attributes{"latency": 2000, "jitter": 500}},
		"bandwidth":           {"bandwidth", "downstream", attributes{"rate": 10}}, // KB/s
		"slicer":              {"slicer", "downstream", attributes{"average_size": 64, "size_variation": 32, "delay": 500}},
		"slow_close":          {"slow_close", "downstream", attributes{"delay": 1000}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bn := newBench(t)
			bn.must("1+1", "2\n")
			bn.engine.On("much", livytest.Text(text))
			bn.poison(c.toxic, c.stream, c.a)
			bn.must("much", text+"\n")
			bn.heal()
		})
	}
}
