// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/livy"
)

// restartGap is how soon after a kernel's end the next one of the notebook is
// its restart: the user asked for a clean session.
const restartGap = 2 * time.Second

// orphanTime is how long the session of a kernel that was killed is left for
// its own notebook. It is the heartbeat time-out, after which most servers
// have ended it anyway.
const orphanTime = heartbeatTimeout

// resume takes up the session that the last kernel of the notebook kept.
// found is false where there is none, or where it is gone.
func (b *Bridge) resume(ctx context.Context, s *session) (found bool, err error) {
	if b.store == nil || b.looked {
		return false, nil
	}
	b.looked = true
	kept := b.lookBack(ctx, s.client)
	if kept == nil {
		return false, nil
	}
	s.tell("looking for session " + string(kept.Record().ID))
	now, gone, err := Recorded(ctx, s.client, kept.Record())
	switch {
	case err != nil:
		if e := kept.Release(); e != nil {
			b.log.Warn("release a record", "err", e)
		}
		b.looked = false // the next cell tries again
		return false, &connectError{err}
	case gone:
		b.note(fmt.Sprintf("The session %s that was kept for this notebook is gone, and its variables with it.", kept.Record().ID))
		s.entry.hold(kept)
		s.entry.remove()
		return false, nil
	}
	s.entry.hold(kept)
	s.entry.update(func(r *sessions.Record) { r.Left = time.Time{} })
	s.since = kept.Record().Created
	s.marked(kept.Record())
	if err := b.take(ctx, s, now, resumed); err != nil {
		s.entry.release()
		return false, err
	}
	return true, nil
}

// Recorded returns the session of a record as the server shows it now. gone
// tells that it does not run any more, or that the server has given its id to
// another one since.
func Recorded(ctx context.Context, client *livy.Client, r sessions.Record) (now livy.Session, gone bool, err error) {
	if r.Within != "" {
		h, err := client.HighConcurrency(ctx, r.ID)
		if notFound(err) {
			return now, true, nil
		}
		return livy.Session{ID: r.Within, State: livy.SessionState(h.State)}, h.State.Terminal(), err
	}
	if r.ID == "" {
		now, err = findSession(ctx, client, r.Name)
		return now, err == nil && now.ID == "", err
	}
	now, err = client.Session(ctx, r.ID)
	if notFound(err) {
		return now, true, nil
	}
	if err != nil {
		return now, false, err
	}
	return now, !r.Is(now) || now.State.Terminal(), nil
}

// lookBack goes through what earlier kernels left at the profile's server. It
// returns the session kept for this notebook, if there is one, and sees to the
// others in the background.
func (b *Bridge) lookBack(ctx context.Context, client *livy.Client) *sessions.Entry {
	all, err := b.store.List()
	if err != nil {
		b.log.Warn("look for earlier sessions", "err", err)
	}
	var kept *sessions.Entry
	var stale []sessions.Listed
	name := b.notebookName()
	for _, l := range all {
		shared := l.Share != ""
		if l.Endpoint != b.profile.Endpoint || l.Profile != b.profile.Name || shared && (l.Share == b.share || inUse(all, l)) {
			continue
		}
		mine, keep := name != "" && l.Notebook == name && !shared, l.Keep && !shared
		switch {
		case l.Held && mine && keep:
			// The process before this one has not ended yet: a restart.
			if err := b.store.Supersede(l.Key); err != nil {
				b.log.Warn("supersede a session", "session", l.ID, "err", err)
			}
		case l.Held, keep && !mine:
		case keep && b.born.Sub(l.Left) < restartGap:
			stale = append(stale, l)
		case keep && kept == nil:
			if kept, err = b.store.Take(ctx, l.Key); err != nil {
				b.log.Info("kept session", "session", l.ID, "err", err)
			}
		case b.hasEnded(ctx, client, l):
		case !l.Left.IsZero() && time.Since(l.LastSeen()) < orphanTime:
			b.note(fmt.Sprintf("The server had not answered that session %s is deleted when its kernel ended; livy-kernel sessions shows it.", l.ID))
		case mine:
			b.note(fmt.Sprintf("An earlier kernel of this notebook was killed and has left session %s; %%%%session attach %s goes on with it, and livy-kernel sessions stop --orphans ends it.", l.ID, l.ID))
		case !keep && time.Since(l.LastSeen()) > orphanTime:
			stale = append(stale, l)
		case !keep:
			b.note(fmt.Sprintf("A kernel that was killed has left session %s; livy-kernel sessions shows it.", l.ID))
		}
	}
	if len(stale) > 0 {
		b.background.Go(func() { b.reap(ctx, client, stale) })
	}
	return kept
}

// hasEnded reports whether a session that a killed kernel has left is there no
// more, as after its heartbeat time-out. Then nothing is to be told of it, and
// its record goes.
func (b *Bridge) hasEnded(ctx context.Context, client *livy.Client, l sessions.Listed) bool {
	_, gone, err := Recorded(ctx, client, l.Record)
	if err != nil || !gone {
		return false // where it cannot be known it is told of
	}
	entry, err := b.store.Take(ctx, l.Key)
	if err == nil {
		err = entry.Remove()
	}
	if err != nil {
		b.log.Info("the record of a session that has ended", "session", l.ID, "err", err)
	}
	return true
}

// reap deletes sessions that no kernel looks after.
func (b *Bridge) reap(ctx context.Context, client *livy.Client, stale []sessions.Listed) {
	for _, l := range stale {
		if err := Reap(ctx, client, b.store, l); err != nil {
			b.log.Warn("an earlier session was not deleted", "session", l.ID, "err", err)
			continue
		}
		b.note(fmt.Sprintf("Session %s, left by an earlier kernel, has been stopped.", l.ID))
	}
}

// Reap deletes the session of a record that no process has, and the record. A
// session that only has its id is left alone, and so is one that other
// notebooks share.
func Reap(ctx context.Context, client *livy.Client, store *sessions.Store, l sessions.Listed) error {
	others := false
	if l.Share != "" {
		unlock, err := store.LockShare(ctx, l.Share)
		if err != nil {
			return err
		}
		defer unlock()
		all, err := store.List()
		if err != nil {
			return err
		}
		others = inUse(all, l)
	}
	entry, err := store.Take(ctx, l.Key)
	if err != nil {
		return err
	}
	if others {
		return entry.Remove()
	}
	now, gone, err := Recorded(ctx, client, entry.Record())
	switch {
	case err != nil || gone:
	case l.Within != "":
		err = client.Release(ctx, l.ID)
	default:
		err = client.DeleteSession(ctx, now.ID)
	}
	if err != nil {
		if released := entry.Release(); released != nil {
			return fmt.Errorf("%w; %w", err, released)
		}
		return err
	}
	return entry.Remove()
}

func notFound(err error) bool {
	var api *livy.APIError
	return errors.As(err, &api) && api.StatusCode == http.StatusNotFound
}
