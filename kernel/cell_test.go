// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/kernel/zmtp"
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

// C2: an interrupt that comes as soon as the cell is known to be busy is not
// lost, although the backend has not begun.
func TestC2InterruptAtBusy(t *testing.T) {
	info := ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", Key: "k", SignatureScheme: wire.SignatureScheme}
	k, err := Listen(t.Context(), info)
	if err != nil {
		t.Fatal(err)
	}
	publish := k.iopub.send
	k.iopub.send = func(frames [][]byte) error {
		if strings.Contains(string(frames[len(frames)-1]), wire.Busy) {
			k.Interrupt()
		}
		return publish(frames)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error)
	go func() { served <- k.Serve(ctx, stuck{}) }()
	shell, err := zmtp.Dial(t.Context(), k.Connection().Address(k.Connection().ShellPort), zmtp.Dealer)
	if err != nil {
		t.Fatal(err)
	}
	session := wire.NewSession([]byte("k"), "u")
	m, err := session.Message(wire.ExecuteRequest{Code: "x"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := shell.Send(t.Context(), session.Frames(m)); err != nil {
		t.Fatal(err)
	}
	patience, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	frames, err := shell.Recv(patience)
	if err != nil {
		t.Fatal(err)
	}
	if reply := string(frames[len(frames)-1]); !strings.Contains(reply, keyboardInterrupt) {
		t.Error(reply)
	}
	_ = shell.Close()
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// stuck is a backend whose cells end by an interrupt alone.
type stuck struct{ Backend }

func (stuck) Execute(ctx context.Context, _ Cell, _ Sink) error {
	<-ctx.Done()
	return ctx.Err()
}

func (stuck) Info() Info { return Info{} }

func (stuck) Close(context.Context, bool) error { return nil }

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

// The errors that the kernel itself words, beside those of the golden messages.
func TestGoldenErrors(t *testing.T) {
	interrupted, interrupt := context.WithCancelCause(t.Context())
	interrupt(ErrInterrupted)
	ending, stop := context.WithCancelCause(t.Context())
	stop(ErrShutdown)
	full := newQueue()
	closed := newQueue()
	closed.close()
	huge := &request{size: maxQueued + 1}
	var b strings.Builder
	for _, c := range []struct {
		name string
		err  error
	}{
		{"a cell that does not end", stillRunning(interruptPatience)},
		{"a cell that does not end at the kernel's end", stillRunning(shutdownPatience)},
		{"an interrupted cell", interruptedError(interrupted, context.Canceled)},
		{"a cell at the kernel's end", interruptedError(ending, context.Canceled)},
		{"a full queue", full.push(huge)},
		{"a request after the end", closed.push(huge)},
		{"no stdin", inputRefused("the front-end has no connection to stdin")},
		{"a fault of the backend", errors.New("no such table")},
	} {
		e := errorContent(c.err, Info{Implementation: "echo", ImplementationVersion: "1.2.3"})
		fmt.Fprintf(&b, "%s\n  %s: %s\n", c.name, e.EName, e.EValue)
	}
	want, err := os.ReadFile("testdata/errors.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s\nnow it is:\n%s", diff, b.String())
	}
}
