// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// closeNow closes the bridge as a shutdown does.
func (bn *bench) closeNow() {
	bn.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := bn.bridge.Close(ctx, false); err != nil {
		bn.t.Errorf("close: %v", err)
	}
}

func TestCloseDeletesTheSession(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.must("1+1")
	bn.closeNow()
	if bn.server.Count(deleteAny) != 1 || bn.engine.Living() != 0 || bn.closed != 1 {
		t.Errorf("%d deletes, %d drivers, closer called %d times", bn.server.Count(deleteAny), bn.engine.Living(), bn.closed)
	}
}

func TestCloseWithoutSession(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.closeNow()
	if n := len(bn.server.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// TestCloseWhileACellRuns cancels the cell first, as the executor does; the
// session goes although its statement does not stop.
func TestCloseWhileACellRuns(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	work, begun := signal(livytest.Stubborn(nil, nil))
	bn.engine.On("work", work)
	bn.bridge.grace = time.Minute // must not be waited for
	r := bn.start("work")
	<-begun
	r.interrupt(kernel.ErrShutdown)
	if e := cellError(t, <-r.err); e.EName != "KeyboardInterrupt" {
		t.Errorf("got %s", e)
	}
	bn.closeNow()
	if bn.server.Count(deleteAny) != 1 {
		t.Errorf("%d deletes", bn.server.Count(deleteAny))
	}
}

// TestRow32CloseWhileStarting deletes whatever session comes of a start that is
// under way, the request for it in flight included.
func TestRow32CloseWhileStarting(t *testing.T) {
	t.Run("posting", func(t *testing.T) {
		bn := newBench(t, livy.KindPySpark)
		arrived, release := make(chan struct{}), make(chan struct{})
		bn.server.Inject(postSession, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			close(arrived)
			livytest.DelayAnswer(release)(w, r, next)
		})
		r := bn.start("1+1")
		<-arrived
		r.interrupt(kernel.ErrShutdown)
		<-r.err
		closed := make(chan struct{})
		go func() { bn.closeNow(); close(closed) }()
		close(release)
		<-closed
		if n := bn.server.Count(deleteAny); n != 1 {
			t.Errorf("%d deletes", n)
		}
	})
	t.Run("starting", func(t *testing.T) {
		bn := newBench(t, livy.KindPySpark)
		begun := make(chan struct{})
		bn.engine.OnStart(func(ctx context.Context, _ server.Spec) error {
			close(begun)
			<-ctx.Done()
			return ctx.Err()
		})
		r := bn.start("1+1")
		<-begun
		r.interrupt(kernel.ErrShutdown)
		<-r.err
		bn.closeNow()
		if n := bn.server.Count(deleteAny); n != 1 {
			t.Errorf("%d deletes", n)
		}
	})
	t.Run("connecting", func(t *testing.T) {
		bn := newBench(t, livy.KindPySpark)
		begun := make(chan struct{})
		bn.use(Options{Connect: func(ctx context.Context, _ func(string)) (*livy.Client, io.Closer, error) {
			close(begun)
			<-ctx.Done()
			return nil, nil, ctx.Err()
		}})
		r := bn.start("1+1")
		<-begun
		r.interrupt(kernel.ErrShutdown)
		<-r.err
		bn.closeNow()
		if n := len(bn.server.Requests()); n != 0 {
			t.Errorf("%d requests", n)
		}
	})
}

// TestCloseIsBounded returns when its time is over, whatever the server does.
func TestCloseIsBounded(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.must("1+1")
	release := make(chan struct{})
	ctx, cancel := context.WithCancelCause(t.Context())
	bn.server.Inject(deleteAny, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		cancel(errors.New("the time is over"))
		livytest.Delay(release)(w, r, next)
	})
	if err := bn.bridge.Close(ctx, false); err == nil {
		t.Error("closed without an error")
	}
	close(release)
	if err := bn.client.DeleteSession(t.Context(), "0"); err != nil {
		t.Error(err)
	}
}
