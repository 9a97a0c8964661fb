// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// newTestExecutor is an executor without sockets. What it publishes goes to
// send.
func newTestExecutor(backend Backend, send func(frames [][]byte) error) *executor {
	log := slog.New(slog.DiscardHandler)
	session := wire.NewSession(nil, "u")
	k := &Kernel{log: log, session: session, iopub: &iopub{send: send, session: session, log: log}}
	return newExecutor(&server{Kernel: k, backend: backend, history: &history{}})
}

func discard([][]byte) error { return nil }

// C2: a cell that does not follow the interrupt is given up before VS Code
// offers to restart the kernel, and the next one waits for it.
func TestC2InterruptIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		end := make(chan struct{})
		e := newTestExecutor(nil, discard)
		out := func() *output {
			return &output{iopub: e.iopub, request: &request{Message: &wire.Message{RawHeader: []byte("{}")}}}
		}
		call := func(out *output) error {
			ctx, ended := e.interrupt.begin(t.Context())
			defer ended()
			return e.call(t.Context(), ctx, out, func() error { <-end; return nil })
		}

		result := make(chan error, 1)
		go func() { result <- call(out()) }()
		synctest.Wait()
		began := time.Now()
		e.Interrupt()
		var cell *CellError
		if err := <-result; !errors.As(err, &cell) || cell.EName != keyboardInterrupt || !strings.Contains(cell.EValue, "8s") {
			t.Errorf("the cell ended with %v", err)
		}
		if waited := time.Since(began); waited != interruptPatience {
			t.Errorf("after %v", waited)
		}

		// The next cell can be interrupted while it waits ...
		next := out()
		go func() { result <- call(next) }()
		synctest.Wait()
		if !strings.Contains(string(next.text), "Waiting") {
			t.Errorf("the next cell says %q", next.text)
		}
		e.Interrupt()
		if err := <-result; !errors.As(err, &cell) || cell.EName != keyboardInterrupt {
			t.Errorf("the next cell ended with %v", err)
		}
		// ... and runs once the first has ended.
		go func() { result <- call(out()) }()
		synctest.Wait()
		close(end)
		if err := <-result; err != nil {
			t.Errorf("the last cell ended with %v", err)
		}
		synctest.Wait()
	})
}

func TestShutdownEndsThePatienceWithAnInterrupt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		life, stop := context.WithCancel(t.Context())
		cell, interrupt := context.WithCancel(life)
		interrupt()
		began := time.Now()
		time.AfterFunc(time.Second, stop)
		if err := await(life, cell, nil); err == nil {
			t.Error("no error")
		}
		if waited := time.Since(began); waited != time.Second+shutdownPatience {
			t.Errorf("after %v", waited)
		}
	})
}

// What is queued is bounded by its size.
func TestQueueIsFull(t *testing.T) {
	q := newQueue()
	half := &request{Message: &wire.Message{}, size: maxQueued / 2}
	var full *CellError
	for range 2 {
		if err := q.push(half); err != nil {
			t.Fatal(err)
		}
	}
	if err := q.push(half); !errors.As(err, &full) || full.EName != "QueueFull" {
		t.Errorf("over the bound: %v", err)
	}
	if q.next() == nil || q.push(half) != nil {
		t.Error("there is no room again")
	}
	if rest := q.close(); len(rest) != 2 || q.push(half) == nil {
		t.Errorf("%d waited; a closed queue takes more", len(rest))
	}
}
