// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

const postCancel = "POST /sessions/*/statements/*/cancel"

// TestRow11Interrupt has the statement cancelled, once, and the session usable.
func TestRow11Interrupt(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	work, begun := signal(livytest.Until(nil, nil))
	bn.engine.On("work", work)
	bn.bridge.grace = interruptGrace
	r := bn.start("work")
	<-begun
	r.interrupt(kernel.ErrInterrupted)
	if e := cellError(t, <-r.err); e.EName != "KeyboardInterrupt" || e.EValue != "the statement was cancelled" {
		t.Errorf("got %s", e)
	}
	bn.must("1+1")
	if n := bn.server.Count(postCancel); n != 1 {
		t.Errorf("cancel was posted %d times", n)
	}
}

// TestRow30InterruptWhilePosting does not abort the request, but cancels the
// statement as soon as it has an id. The cell does not wait; the next one does.
func TestRow30InterruptWhilePosting(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.must("1+1")
	arrived, release := make(chan struct{}), make(chan struct{})
	bn.server.Inject(postStatement, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		close(arrived)
		livytest.DelayAnswer(release)(w, r, next)
	})
	bn.engine.On("work", livytest.Until(nil, nil))
	first := bn.start("work")
	<-arrived
	first.interrupt(kernel.ErrInterrupted)
	if e := cellError(t, <-first.err); e.EName != "KeyboardInterrupt" || !strings.Contains(e.EValue, "may still be busy") {
		t.Errorf("got %s", e)
	}
	if n := bn.server.Count(postCancel); n != 0 {
		t.Fatalf("cancel was posted %d times without an id", n)
	}
	second := bn.start("1+1")
	close(release)
	if err := <-second.err; err != nil {
		t.Fatal(err)
	}
	if bn.server.Submissions("work") != 1 || bn.engine.Runs("work") != 1 || bn.server.Count(postCancel) != 1 {
		t.Errorf("%d submissions, %d runs, %d cancels", bn.server.Submissions("work"), bn.engine.Runs("work"), bn.server.Count(postCancel))
	}
}

// TestRow39StubbornCode ends the cell although its code goes on, and says so;
// the next cell waits and shows that it does.
func TestRow39StubbornCode(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	release := make(chan struct{})
	work, begun := signal(livytest.Stubborn(release, livytest.Text("late")))
	bn.engine.On("work", work)
	first := bn.start("work")
	<-begun
	first.interrupt(kernel.ErrInterrupted)
	if e := cellError(t, <-first.err); e.EName != "KeyboardInterrupt" || !strings.Contains(e.EValue, "may still be busy") {
		t.Errorf("got %s", e)
	}
	second := bn.start("1+1")
	second.await(t, "Waiting for the interrupted cell")
	close(release)
	if err := <-second.err; err != nil {
		t.Fatal(err)
	}
	if second.stdout() != "2\n" || second.shown() != "The interrupted cell before this one has ended." {
		t.Errorf("stdout %q, shown %q", second.stdout(), second.shown())
	}
	if third := bn.must("1+1"); third.shown() != "" {
		t.Errorf("shown: %q", third.shown())
	}
}

// TestRow40ResultWins shows what a statement returned that ended before its
// cancel arrived, and no error with it.
func TestRow40ResultWins(t *testing.T) {
	for name, end := range map[string]livytest.Behaviour{
		"result": livytest.Text("done"),
		"error":  livytest.Error("ValueError", "the code's own", "ValueError: the code's own\n"),
	} {
		t.Run(name, func(t *testing.T) {
			bn := newBench(t, livy.KindPySpark)
			release := make(chan struct{})
			work, begun := signal(livytest.Until(release, end))
			bn.engine.On("work", work)
			bn.bridge.grace = interruptGrace
			// The cancel is held back until the statement has ended by itself.
			bn.server.Inject(postCancel, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				close(release)
				// An error means that the cell is over, and the session with it.
				_, _ = bn.client.WaitStatement(r.Context(), "0", livy.Statement{ID: "0"}, nil)
				next.ServeHTTP(w, r)
			})
			r := bn.start("work")
			<-begun
			r.interrupt(kernel.ErrInterrupted)
			err := <-r.err
			if name == "result" {
				if err != nil || r.stdout() != "done\n" {
					t.Errorf("got %v, stdout %q", err, r.stdout())
				}
				return
			}
			if e := cellError(t, err); e.EName != "ValueError" {
				t.Errorf("got %s", e)
			}
		})
	}
}

// TestPrintedBeforeCancel keeps what a cancelled statement had printed.
func TestPrintedBeforeCancel(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.bridge.grace = interruptGrace
	work, begun := signal(func(ctx context.Context, _ livytest.Call) (server.Output, error) {
		<-ctx.Done()
		return livytest.TextOutput("a"), nil
	})
	bn.engine.On("work", work)
	r := bn.start("work")
	<-begun
	r.interrupt(kernel.ErrInterrupted)
	if e := cellError(t, <-r.err); e.EName != "KeyboardInterrupt" || r.stdout() != "a\n" || len(r.results) != 0 {
		t.Errorf("got %s, stdout %q, results %v", e, r.stdout(), r.results)
	}
}

// TestInterruptBetweenCells sends nothing for a cell that was interrupted
// before it began.
func TestInterruptBetweenCells(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.must("1+1")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(kernel.ErrInterrupted)
	if e := cellError(t, bn.bridge.Execute(ctx, cell("work"), &recorder{})); e.EName != "KeyboardInterrupt" {
		t.Errorf("got %s", e)
	}
	if n := bn.server.Submissions("work"); n != 0 {
		t.Errorf("%d submissions", n)
	}
}
