// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy"
)

// cancelTimeout bounds the request that cancels a statement.
const cancelTimeout = 10 * time.Second

// leftBehind is an interrupted statement that had not ended when its cell did.
type leftBehind struct {
	asked chan struct{} // closed when its cancel was posted, or needs not be
}

// run runs one statement and sends what it shows to sink. The statement is
// posted once, whatever happens.
func (b *Bridge) run(ctx context.Context, s *session, request livy.StatementRequest, sink kernel.Sink) error {
	if b.left != nil {
		// The interrupted request may still be on its way; this one must not
		// overtake it, or it would be cancelled before it in vain.
		select {
		case <-b.left.asked:
		case <-ctx.Done():
			return interrupted("the cell was not sent; the one before it is still on its way to the server")
		}
	}
	if ctx.Err() != nil {
		return interrupted("the cell was not sent")
	}
	x := b.submit(ctx, s, request)
	l := line{sink: sink}
	began := time.Now()
	ticker := time.NewTicker(b.tick)
	defer ticker.Stop()
	for !x.ended() {
		select {
		case <-x.done:
		case <-ctx.Done():
			return b.interrupt(ctx, s, x, sink)
		case <-ticker.C:
			if b.left != nil && x.waits() {
				l.show(fmt.Sprintf("Waiting for the interrupted cell to end on Spark … %d s. %%%%session new does not wait.",
					int(time.Since(began).Seconds())), "")
			}
		}
	}
	if l.shown() {
		l.show("The interrupted cell before this one has ended.", "")
	}
	b.left = nil
	return b.conclude(s, x, false, sink)
}

// interrupt has the statement cancelled, once, and waits a moment for its end.
// Livy cannot stop code that runs in the driver itself; the cell does not wait
// for that.
func (b *Bridge) interrupt(ctx context.Context, s *session, x *execution, sink kernel.Sink) error {
	left := &leftBehind{asked: make(chan struct{})}
	b.background.Go(func() {
		defer close(left.asked)
		<-x.accepted
		if x.id == "" || x.ended() && x.err == nil {
			return // not taken, or over
		}
		short, done := context.WithTimeout(context.WithoutCancel(ctx), cancelTimeout)
		defer done()
		if err := s.client.Cancel(short, s.livy.ID, x.id); err != nil {
			b.log.Warn("cancel", "session", s.livy.ID, "statement", x.id, "err", err)
		}
	})
	wait := b.grace
	var over <-chan struct{}
	if errors.Is(context.Cause(ctx), kernel.ErrShutdown) {
		// It is enough that the cancel is out: the session's end follows.
		wait, over = min(wait, shutdownGrace), left.asked
	}
	grace := time.NewTimer(wait)
	defer grace.Stop()
	select {
	case <-x.done:
		return b.conclude(s, x, true, sink)
	case <-over:
	case <-grace.C:
	}
	x.stop()
	b.left = left
	return stillRunning()
}

// conclude shows what came of a statement. A statement that ended in spite of
// an interrupt shows its result: it has run.
func (b *Bridge) conclude(s *session, x *execution, wasInterrupted bool, sink kernel.Sink) error {
	if x.err != nil {
		var lost *livy.SessionLostError
		if errors.As(x.err, &lost) {
			b.drop(s)
		} else if x.id != "" {
			return b.word(&followError{x.err})
		}
		return b.word(x.err)
	}
	out := livy.Output{Status: "ok"}
	if x.stmt.Output != nil {
		out = *x.stmt.Output
	}
	cancelled := x.stmt.State == livy.StatementCancelled
	if failure := render.Failure(out); failure != nil {
		if cancelled || wasInterrupted && namesCancel(failure) {
			return interrupted("the statement was cancelled")
		}
		if strings.HasPrefix(failure.EValue, "Interpreter died:") {
			return interpreterDied(failure)
		}
		return failure
	}
	if x.stmt.State == livy.StatementError {
		return noReason()
	}
	content := render.Output(out)
	if content.Stdout != "" {
		sink.Stream(wire.Stdout, content.Stdout)
	}
	if cancelled {
		return interrupted("the statement was cancelled")
	}
	if content.Value != nil {
		sink.Result(content.Value, nil)
	}
	return nil
}

// namesCancel reports whether an error is what a cancel makes of running code,
// and not the code's own.
func namesCancel(e *kernel.CellError) bool {
	text := strings.ToLower(e.EName + " " + e.EValue)
	return strings.Contains(text, "cancel") || strings.Contains(text, "interrupt")
}
