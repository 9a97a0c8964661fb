// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"fmt"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/livy"
)

const (
	// deleteTimeout bounds the DELETE of a session that nobody waits for.
	deleteTimeout = 30 * time.Second
	// leaveTime bounds the one at the kernel's end; Jupyter kills a kernel
	// that needs long. A busy Apache Livy needs ten seconds.
	leaveTime = time.Second
	// finishTime is kept back of the kernel's end to start the process that sees
	// the DELETE through; credentialTime of it bounds the search for what that
	// signs in with.
	finishTime     = 400 * time.Millisecond
	credentialTime = 300 * time.Millisecond
)

// Leftover is a session that was not known to be deleted when the kernel had
// to end.
type Leftover struct {
	ID   livy.SessionID // empty where the request for it had no answer yet
	Name string         // as the server shows it; empty where it shows none
	Key  string         // of its record; empty for none
	REPL bool           // ID is that of the acquire of a REPL
}

// leave parts from s at the kernel's end. It is deleted, unless it is to be
// kept; a restart means a clean session. What the server does not answer in
// time is seen through by a process of its own.
func (b *Bridge) leave(ctx context.Context, s *session, restart bool) error {
	s.end()
	by := time.Now().Add(leaveTime)
	if end, ok := ctx.Deadline(); ok && by.After(end.Add(-finishTime)) {
		by = end.Add(-finishTime)
	}
	within, cancel := context.WithDeadline(ctx, by)
	defer cancel()
	select {
	case <-s.ready:
	case <-within.Done():
		return b.finish(ctx, s, fmt.Errorf("wait for the end of a session's start: %w", context.Cause(within)))
	}
	var err error
	switch {
	case s.err != nil:
		return nil // nothing came of it, or it is recorded as unknown
	case s.origin == joined:
		err = b.leaveShared(within, s)
	case s.origin == attached && s.entry.held() == nil:
		return nil // not ours to end
	case b.keeping && !restart && !s.entry.superseded():
		s.entry.update(func(r *sessions.Record) { r.Left, r.Keep = time.Now().UTC(), true })
		s.entry.release()
		return nil
	default:
		if err = s.client.DeleteSession(within, s.address); err == nil {
			s.entry.remove()
		}
	}
	if err != nil {
		return b.finish(ctx, s, err)
	}
	return nil
}

// finish hands a session over to a process that outlives this one. The record
// stays until that has deleted the session.
func (b *Bridge) finish(ctx context.Context, s *session, reason error) error {
	left := Leftover{}
	if record := s.entry.held(); record != nil {
		r := record.Record()
		left.Key, left.ID, left.Name = record.Key(), r.ID, r.Name
		if r.ID != "" && !r.Named {
			left.Name = ""
		}
	}
	if s.started() {
		left.ID, left.Name = s.livy.ID, s.livy.Name
	}
	if s.repl != "" {
		left.ID, left.Name, left.REPL = s.repl, "", true
	}
	s.entry.update(func(r *sessions.Record) { r.Left, r.Keep = time.Now().UTC(), false }) // nobody is to go on with it
	s.entry.release()
	if b.finisher == nil || left.ID == "" && left.Name == "" {
		return reason
	}
	b.log.Info("the session's end is left to a process of its own", "session", left.ID, "reason", reason)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), credentialTime)
	defer cancel()
	return b.finisher(ctx, left)
}

// delete ends s on the server while the kernel goes on, or gives up its start,
// which deletes whatever has come of it.
func (b *Bridge) delete(ctx context.Context, s *session) error {
	s.end()
	select {
	case <-s.ready:
	case <-ctx.Done():
		return fmt.Errorf("wait for the end of a session's start: %w", context.Cause(ctx))
	}
	if s.err != nil {
		return nil
	}
	if s.origin == joined {
		if err := b.leaveShared(ctx, s); err != nil {
			return b.finish(ctx, s, err)
		}
		return nil
	}
	return s.client.DeleteSession(ctx, s.address)
}
