// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"fmt"

	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/livy"
)

// join takes part in the session that notebooks of this user share by a name,
// or asks for it where there is none.
func (b *Bridge) join(ctx context.Context, s *session) error {
	share := b.share
	if b.store == nil {
		return fmt.Errorf("share %s: this machine has no folder to keep records in", share)
	}
	unlock, err := b.store.LockShare(ctx, share)
	if err != nil {
		return fmt.Errorf("share %s: %w", share, err)
	}
	defer unlock()
	others, err := b.sharing(share)
	if err != nil {
		return err
	}
	if b.dialect == livy.DialectFabric {
		return b.acquire(ctx, s, others)
	}
	for _, l := range others {
		now, gone, err := Recorded(ctx, s.client, l.Record)
		if err != nil {
			return &connectError{err}
		}
		if gone {
			continue
		}
		r := l.Record
		s.marked(r)
		r.Notebook, r.Created, r.Nonce = b.notebookName(), s.began.UTC(), s.nonce
		s.entry.add(b.store, r)
		s.since = l.Created
		return b.take(ctx, s, now, joined)
	}
	request := b.newRequest()
	request.HeartbeatTimeoutInSecond = b.request.HeartbeatTimeoutInSecond
	if err := b.create(ctx, s, request); err != nil {
		return err
	}
	s.entry.update(func(r *sessions.Record) { r.Share = share })
	s.origin = joined
	s.posts = s.client.NewSubmitter(s.address, livy.ForeignStatements)
	return nil
}

// sharing lists the records of the shared session at the profile's server.
func (b *Bridge) sharing(share string) ([]sessions.Listed, error) {
	all, err := b.store.List()
	if err != nil {
		return nil, err
	}
	var found []sessions.Listed
	for _, l := range all {
		if l.Share == share && l.Endpoint == b.profile.Endpoint && l.Profile == b.profile.Name && l.ID != "" {
			found = append(found, l)
		}
	}
	return found, nil
}

// inUse reports whether the session of a record that notebooks share has
// another notebook that is open. A REPL is of one notebook alone.
func inUse(all []sessions.Listed, l sessions.Listed) bool {
	for _, other := range all {
		if other.Held && other.Key != l.Key && other.Endpoint == l.Endpoint && other.ID == l.ID && l.ID != "" {
			return true
		}
	}
	return false
}

// leaveShared parts from a shared session; the last notebook gives it up.
func (b *Bridge) leaveShared(ctx context.Context, s *session) error {
	if s.repl != "" { // its session ends with the last REPL
		if err := s.client.Release(ctx, s.repl); err != nil {
			return err
		}
		s.entry.remove()
		return nil
	}
	unlock, err := b.store.LockShare(ctx, b.share)
	if err != nil { // another notebook is joining, and so it is not the end
		s.entry.remove()
		return nil //nolint:nilerr // see above
	}
	defer unlock()
	others, err := b.sharing(b.share)
	if err != nil {
		return err
	}
	var self string
	if record := s.entry.held(); record != nil {
		self = record.Key()
	}
	for _, l := range others {
		if l.Held && l.Key != self && l.ID == s.livy.ID {
			s.entry.remove()
			return nil
		}
	}
	if err := s.client.DeleteSession(ctx, s.address); err != nil {
		return err
	}
	s.entry.remove()
	return nil
}
