// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/bridge/syntax"
	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy"
)

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
	if b.awake.slept() {
		// A statement that is sent over a connection of before the sleep would
		// get no answer, and its outcome would be unknown.
		s.client.CloseIdleConnections()
	}
	if printed := s.aside.begin(); printed != "" {
		sink.Stream(wire.Stdout, render.Stream(printed))
	}
	b.cells.Learn(request.Kind, request.Code)
	b.failures.begin(request)
	b.prepare(ctx, s, request)
	if b.mends && request.Kind == livy.KindSpark {
		request.Code = syntax.JoinChains(request.Code)
	}
	x := b.execute(ctx, s, live, func(ctx context.Context) (livy.Statement, error) { return s.posts.Submit(ctx, request) })
	err := b.attend(ctx, s, x, sink)
	if x.ended() && x.err == nil && x.stmt.State == livy.StatementAvailable && b.left == nil {
		s.aside.end(request.Kind)
	}
	return err
}

// attend shows how a statement gets on until its end.
func (b *Bridge) attend(ctx context.Context, s *session, x *execution, sink kernel.Sink) error {
	l := line{sink: sink}
	p := b.newPlayer(s, sink)
	p.cleared = l.gone
	stopLog, stopStages := b.readLog(ctx, s, x), b.watchStages(ctx, s, x)
	stop := func() { stopLog(); stopStages() }
	began := time.Now()
	printed := time.Time{} // when the last text came
	ticker := time.NewTicker(b.tick)
	defer ticker.Stop()
	for !x.ended() {
		select {
		case <-x.done:
		case <-ctx.Done():
			l.end(progressEnded(time.Since(began)))
			stop()
			return b.interrupt(ctx, s, x, p)
		case <-x.fresh:
			l.takeBack()
			p.add(x.printed())
			printed = time.Now()
		case <-ticker.C:
			if b.awake.slept() {
				x.lookAgain(s)
			}
			b.noteStatement(s, x)
			if l.shown() || p.pauses() && time.Since(printed) >= quietTicks*b.tick {
				l.show(b.newsOf(x, began))
			}
		}
	}
	if b.left != nil && l.shown() {
		l.show("The interrupted cell before this one has ended.", "")
	} else {
		l.end(progressEnded(time.Since(began)))
	}
	stop()
	b.left = nil
	s.entry.update(func(r *sessions.Record) { r.Statement = "" })
	defer func() { b.relief.after(x.stmt, p.size, x.err) }()
	return b.conclude(ctx, s, x, false, p)
}

// quietTicks is after how many ticks without text the line comes below text. The
// text is not shown again, and so the line cannot be taken back there: it stays
// where it is, and says in the end how long the statement took.
const quietTicks = 5

// noteStatement records what runs, for a kernel that comes after this one.
func (b *Bridge) noteStatement(s *session, x *execution) {
	select {
	case <-x.accepted:
		s.entry.update(func(r *sessions.Record) { r.Statement = x.id })
	default:
	}
}

// newsOf is the line below a cell that runs.
func (b *Bridge) newsOf(x *execution, began time.Time) (text, html string) {
	stmt, delay := x.seen()
	switch {
	case b.asker.asks():
		return "", "" // the line that asks says enough
	case delay != "":
		return delay, ""
	case b.left != nil && stmt.State == livy.StatementWaiting:
		return fmt.Sprintf("Waiting for the interrupted cell to end on Spark; the interrupt was %d s ago. %%%%session new does not wait.", int(time.Since(b.left.since).Seconds())), ""
	case b.left == nil:
		if share, stages, ok := x.progress(); ok {
			return progressLine(share, stages, time.Since(began))
		}
	}
	return "", ""
}

// conclude shows what came of a statement. A statement that ended in spite of
// an interrupt shows its result: it has run.
func (b *Bridge) conclude(ctx context.Context, s *session, x *execution, wasInterrupted bool, p *player) error {
	p.add(x.printed())
	if x.err != nil {
		p.leave()
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
	out, told := p.printedBefore(out)
	cancelled := x.stmt.State == livy.StatementCancelled
	if failure := render.Failure(out); failure != nil {
		if !told && !cancelled && !wasInterrupted {
			if err := p.printedEarlier(ctx, x.id); err != nil {
				return err
			}
		}
		if err := p.end(ctx); err != nil {
			return err
		}
		if cancelled || wasInterrupted && namesCancel(failure) {
			return interrupted("the statement was cancelled")
		}
		if strings.HasPrefix(failure.EValue, "Interpreter died:") {
			b.giveUp(ctx, s)
			return interpreterDied(failure)
		}
		return b.failures.of(out)
	}
	if x.stmt.State == livy.StatementError {
		p.leave()
		return noReason()
	}
	out, err := p.unframed(ctx, out)
	if err != nil {
		return err
	}
	content := render.Output(out)
	p.print(content.Stdout)
	if cancelled {
		return interrupted("the statement was cancelled")
	}
	if content.Value != nil {
		p.sink.Result(content.Value, nil)
	}
	return nil
}
