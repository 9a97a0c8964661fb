// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"fmt"

	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/livy"
)

// acquire asks for a REPL of the high-concurrency session that notebooks share
// on Fabric: variables of its own, on a session that is billed once. The caller
// holds the lock of the share, since acquires at the same time make several
// sessions; others are the notebooks that have a REPL now.
func (b *Bridge) acquire(ctx context.Context, s *session, others []sessions.Listed) error {
	request := b.newRequest()
	s.entry.add(b.store, sessions.Record{
		Profile: b.profile.Name, Endpoint: b.profile.Endpoint, Name: request.Name, Notebook: b.notebookName(), Created: s.began.UTC(), Share: b.share, Nonce: s.nonce,
	})
	s.tell("asking for a REPL of the session shared as " + b.share)
	asked, err := s.client.Acquire(ctx, livy.HighConcurrencyRequest{CreateSessionRequest: request, SessionTag: "livy-kernel-" + b.share})
	if err != nil {
		var uncertain *livy.UncertainError
		if errors.As(err, &uncertain) {
			s.entry.release() // it says that one may be running
		} else {
			s.entry.remove()
		}
		return &createError{err}
	}
	s.entry.update(func(r *sessions.Record) { r.ID, r.Within = asked.ID, asked.ID })
	waiting, cancel := context.WithTimeoutCause(ctx, b.profile.Kernel.StartTime(), errStartTime)
	defer cancel()
	got, err := s.client.WaitAcquired(waiting, asked, func(h livy.HighConcurrencySession) { s.tell("state " + string(h.State)) })
	if err == nil {
		var on *livy.Client
		if on, err = s.client.OnRepl(got.ReplID); err == nil {
			b.useRepl(s, on, got, others)
			return nil
		}
	}
	if errors.Is(context.Cause(waiting), errStartTime) {
		err = &livy.SessionStartError{State: livy.SessionState(got.State), Elapsed: b.profile.Kernel.StartTime()}
	}
	b.releaseUnused(ctx, s, asked.ID)
	return err
}

// useRepl makes the REPL the session that cells run on.
func (b *Bridge) useRepl(s *session, on *livy.Client, got livy.HighConcurrencySession, others []sessions.Listed) {
	s.client, s.repl, s.origin, s.address = on, got.ID, joined, got.SessionID
	s.livy = livy.Session{ID: got.SessionID, State: livy.SessionIdle}
	s.posts = on.NewSubmitter(got.SessionID, livy.NoStatements)
	s.entry.update(func(r *sessions.Record) { r.Within = got.SessionID })
	for _, l := range others {
		if l.Held && l.Within == got.SessionID {
			s.since = l.Created
			return
		}
	}
	if len(others) > 0 {
		b.note(fmt.Sprintf("The session shared as %q had no room, or has ended: this REPL is on another one, %s, which is billed apart.", b.share, got.SessionID))
	}
}

// releaseUnused gives back what did not come to be of use.
func (b *Bridge) releaseUnused(ctx context.Context, s *session, id livy.SessionID) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deleteTimeout)
	defer cancel()
	if err := s.client.Release(ctx, id); err != nil {
		b.log.Warn("a REPL was not released", "id", id, "err", err)
		s.entry.release()
		return
	}
	s.entry.remove()
}
