// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"sync"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// aside asks a session questions beside the cells: statements that no cell
// sends and no user sees, to complete and to describe names. A session is asked
// only while it is known to be idle, in a language that a cell has used (it
// takes seconds to wake an interpreter), and one question at a time. A cell
// ends the question that is under way.
type aside struct {
	mu      sync.Mutex
	idle    bool // all statements of the session have ended
	spoken  map[livy.Kind]bool
	stop    context.CancelFunc // ends the question under way; nil without one
	turn    int                // counts the cells
	answers map[question]livy.Output
	printed string // what threads of the user printed into answers
}

// question is a statement that asks. Its answer holds until a cell runs.
type question = livy.StatementRequest

const (
	maxAnswers = 256
	maxPrinted = 64 << 10 // bytes
)

// begin has a cell go first. It returns what the user's threads have printed
// since the last one, as far as answers hold it.
func (a *aside) begin() (printed string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.turn++
	a.idle, a.answers = false, nil
	if a.stop != nil {
		a.stop()
	}
	printed, a.printed = a.printed, ""
	return printed
}

// end takes note that the statement of a cell has ended, and none is left.
func (a *aside) end(kind livy.Kind) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.spoken == nil {
		a.spoken = make(map[livy.Kind]bool)
	}
	a.idle, a.spoken[kind] = true, true
}

// start takes the turn for a question, if it may be asked now. life ends when a
// cell comes. finish must be called when nothing more is done for the question,
// with its answer or without; ended tells whether its statement has ended.
func (a *aside) start(ctx context.Context, q question) (life context.Context, finish func(out *livy.Output, ended bool)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.idle || !a.spoken[q.Kind] || a.stop != nil || ctx.Err() != nil {
		return nil, nil
	}
	turn := a.turn
	life, a.stop = context.WithCancel(context.WithoutCancel(ctx))
	return life, func(out *livy.Output, ended bool) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.stop()
		a.stop = nil
		if a.turn != turn {
			return
		}
		a.idle = ended
		if out == nil || len(a.answers) >= maxAnswers {
			return
		}
		if a.answers == nil {
			a.answers = make(map[question]livy.Output)
		}
		a.answers[q] = *out
	}
}

// answered returns the answer to a question that was asked since the last cell.
func (a *aside) answered(q question) (livy.Output, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	out, ok := a.answers[q]
	return out, ok
}

// keep keeps what was printed for the next cell to show.
func (a *aside) keep(printed string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.printed)+len(printed) <= maxPrinted {
		a.printed += printed
	}
}

// ask asks the session and returns its answer, if there is one before ctx ends.
// It starts no session, and nobody is asked to sign in for it.
func (b *Bridge) ask(ctx context.Context, q question) (livy.Output, bool) {
	s := b.session()
	if s == nil || !s.started() || s.err != nil {
		return livy.Output{}, false
	}
	if out, ok := s.aside.answered(q); ok {
		return out, true
	}
	ctx = auth.WithPrompter(ctx, nil)
	life, finish := s.aside.start(ctx, q)
	if finish == nil {
		return livy.Output{}, false
	}
	answer := make(chan *livy.Output, 1)
	b.background.Go(func() {
		asking, done := context.WithCancel(ctx)
		defer done()
		defer context.AfterFunc(life, done)()
		id, out := b.askNow(asking, s, q)
		if out != nil {
			answer <- out
		}
		finish(out, out != nil || id == "" || b.endQuestion(life, s, id))
	})
	select {
	case <-life.Done():
	case <-ctx.Done():
	}
	select {
	case out := <-answer:
		return *out, true
	default:
		return livy.Output{}, false
	}
}

// askNow sends a question and waits for its answer until ctx ends. It returns
// the statement that was taken, if any, and its answer.
func (b *Bridge) askNow(ctx context.Context, s *session, q question) (livy.StatementID, *livy.Output) {
	stmt, err := s.posts.Submit(ctx, q)
	if err != nil {
		b.log.Debug("a question was not sent", "err", err)
		return "", nil
	}
	id := stmt.ID
	stmt, err = s.client.WaitStatement(ctx, s.address, stmt, nil)
	if err != nil {
		b.log.Debug("a question has no answer", "statement", id, "err", err)
		return id, nil
	}
	var out livy.Output
	if stmt.Output != nil {
		out = *stmt.Output
	}
	if q.Kind == livy.KindPySpark {
		var printed string
		out, printed = unframe(out, b.mark)
		s.aside.keep(printed)
	}
	return id, &out
}

// endQuestion has the statement of a question cancelled, and sees it end unless
// a cell comes. It reports whether it did.
func (b *Bridge) endQuestion(life context.Context, s *session, id livy.StatementID) bool {
	ctx, done := context.WithTimeout(context.WithoutCancel(life), cancelTimeout)
	defer done()
	if err := s.client.Cancel(ctx, s.address, id); err != nil {
		b.log.Debug("a question was not cancelled", "statement", id, "err", err)
		return false
	}
	waiting, done := context.WithTimeout(life, cancelTimeout)
	defer done()
	stmt, err := s.client.WaitStatement(waiting, s.address, livy.Statement{ID: id}, nil)
	// One that says cancelled may go on all the same.
	return err == nil && stmt.Output != nil
}
