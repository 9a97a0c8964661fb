// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/kernel"
)

// cancelTimeout bounds each request that cancels a statement.
const cancelTimeout = 10 * time.Second

// leftBehind is an interrupted statement that had not ended when its cell did.
type leftBehind struct {
	asked chan struct{} // closed when its cancel was posted, or needs not be
	since time.Time     // when it was interrupted
}

// interrupt has the statement cancelled, once, and waits a moment for its end.
// Livy cannot stop code that runs in the driver itself; the cell does not wait
// for that. When the kernel ends and the session is kept, the code goes on.
func (b *Bridge) interrupt(ctx context.Context, s *session, x *execution, p *player) error {
	shutdown := errors.Is(context.Cause(ctx), kernel.ErrShutdown)
	if shutdown && b.keeping {
		select {
		case <-x.accepted:
		case <-time.After(shutdownGrace):
		}
		b.noteStatement(s, x)
		x.stop()
		return goesOn()
	}
	left := &leftBehind{asked: make(chan struct{}), since: time.Now()}
	if b.left != nil { // it was waiting for that one
		left.since = b.left.since
	}
	b.background.Go(func() {
		defer close(left.asked)
		<-x.accepted
		if x.id != "" && (!x.ended() || x.err != nil) {
			b.cancel(ctx, s, x)
		}
	})
	wait := b.grace
	var over <-chan struct{}
	if shutdown {
		// It is enough that the cancel is out: the session's end follows.
		wait, over = min(wait, shutdownGrace), left.asked
	}
	grace := time.NewTimer(wait)
	defer grace.Stop()
	select {
	case <-x.done:
		s.entry.update(func(r *sessions.Record) { r.Statement = "" })
		return b.conclude(ctx, s, x, true, p)
	case <-over:
	case <-grace.C:
	}
	x.stop()
	p.add(x.printed())
	p.leave()
	b.left = left
	return stillRunning()
}

// cancelPauses are between the tries to cancel, as long as the server does not
// say that it has taken one.
var cancelPauses = []time.Duration{500 * time.Millisecond, 2 * time.Second}

// cancel posts the statement's cancel until the server takes it.
func (b *Bridge) cancel(ctx context.Context, s *session, x *execution) {
	ctx = context.WithoutCancel(ctx)
	for try := 0; ; try++ {
		short, done := context.WithTimeout(ctx, cancelTimeout)
		err := s.client.Cancel(short, s.address, x.id)
		done()
		if err == nil {
			return
		}
		b.log.Warn("cancel", "session", s.livy.ID, "statement", x.id, "err", err)
		if try == len(cancelPauses) || x.over() || !sleep(ctx, cancelPauses[try]) {
			return
		}
	}
}

// over reports whether the statement was seen to have ended.
func (x *execution) over() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.now.State.Terminal()
}

// giveUp forgets a session that is of no more use and deletes it.
func (b *Bridge) giveUp(ctx context.Context, s *session) {
	b.forget(s)
	b.background.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deleteTimeout)
		defer cancel()
		if err := s.client.DeleteSession(ctx, s.address); err != nil {
			b.log.Warn("delete session", "session", s.livy.ID, "err", err)
			s.entry.release()
			return
		}
		s.entry.remove()
	})
}

// namesCancel reports whether an error is what a cancel makes of running code,
// and not the code's own.
func namesCancel(e *kernel.CellError) bool {
	text := strings.ToLower(e.EName + " " + e.EValue)
	return strings.Contains(text, "cancel") || strings.Contains(text, "interrupt")
}
