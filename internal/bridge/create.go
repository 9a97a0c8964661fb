// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/livy"
)

// heartbeatTimeout is after what silence the server ends a session whose
// kernel was killed, unless the profile or %%configure says otherwise.
const heartbeatTimeout = time.Hour

// newRequest returns the body for a new session. Without a kind the session is
// shared: it takes statements of every language. The name tells whose it is.
func (b *Bridge) newRequest() livy.CreateSessionRequest {
	request := b.request
	request.Kind = ""
	if request.Name == "" {
		request.Name = "livy-kernel"
	}
	request.Name += "-" + uuid.NewString()[:8]
	if b.dialect.HasTags() {
		request.Tags = maps.Clone(request.Tags)
		if request.Tags == nil {
			request.Tags = make(map[string]string)
		}
		request.Tags[sessions.NameTag] = request.Name
	}
	if request.HeartbeatTimeoutInSecond == 0 && !b.profile.Local() && !b.keeping && b.dialect.HasHeartbeat() {
		request.HeartbeatTimeoutInSecond = int(heartbeatTimeout / time.Second)
	}
	return request
}

// create asks for a session, once, and waits until it takes statements. When
// ctx ends, whatever session has come to be is deleted.
func (b *Bridge) create(ctx context.Context, s *session, request livy.CreateSessionRequest) error {
	// It is recorded before it is asked for: the outcome may stay unknown.
	s.entry.add(b.store, sessions.Record{
		Profile: b.profile.Name, Endpoint: b.profile.Endpoint, Name: request.Name, Notebook: b.notebookName(),
		Created: s.began.UTC(), Keep: b.keeping, Nonce: s.nonce,
	})
	s.tell("asking for a session")
	// The end of ctx does not cut the request off: a session whose id nobody
	// has would live on.
	now, err := s.client.CreateSession(ctx, request)
	if outcomeUnknown(err) {
		now, err = b.lookUp(ctx, s, request.Name, err)
	}
	if err != nil {
		if outcomeUnknown(err) {
			s.entry.release() // a later start looks for it
		} else {
			s.entry.remove()
		}
		return &createError{err}
	}
	s.heartbeat = livy.Seconds(request.HeartbeatTimeoutInSecond).Duration() // not every server shows it
	s.entry.update(func(r *sessions.Record) { r.ID, r.Named = now.ID, now.Name == request.Name })
	if err := b.take(ctx, s, now, created); err != nil {
		b.discard(ctx, s, now.ID)
		return err
	}
	return nil
}

// discard deletes a session that did not start.
func (b *Bridge) discard(ctx context.Context, s *session, id livy.SessionID) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deleteTimeout)
	defer cancel()
	if err := s.client.DeleteSession(ctx, id); err != nil {
		b.log.Warn("a session that did not start was not deleted", "session", id, "err", err)
		s.entry.release()
		return
	}
	s.entry.remove()
}

// outcomeUnknown reports whether a session may exist in spite of err. A name
// that is taken already can only be that of an earlier try of ours.
func outcomeUnknown(err error) bool {
	var uncertain *livy.UncertainError
	var api *livy.APIError
	return errors.As(err, &uncertain) ||
		errors.As(err, &api) && api.StatusCode == http.StatusBadRequest && strings.Contains(api.Message, "Duplicate session name")
}

// lookUpTimes are when the server's list is asked for a session whose request
// had no answer.
var lookUpTimes = []time.Duration{0, time.Second, 3 * time.Second, 8 * time.Second}

// lookUp looks for the session by its name; unknown is the error to return
// where it is not found.
func (b *Bridge) lookUp(ctx context.Context, s *session, name string, unknown error) (livy.Session, error) {
	s.tell("no answer came; looking for the session")
	for _, pause := range lookUpTimes {
		if !sleep(ctx, pause) {
			break
		}
		found, err := findSession(ctx, s.client, name)
		if err != nil {
			b.log.Warn("look for a session", "name", name, "err", err)
		} else if found.ID != "" {
			return found, nil
		}
	}
	return livy.Session{}, unknown
}

// findSession returns the session with that name; one without an id where
// there is none.
func findSession(ctx context.Context, client *livy.Client, name string) (livy.Session, error) {
	list, err := client.Sessions(ctx)
	for _, s := range list {
		if sessions.Called(s, name) {
			return s, nil
		}
	}
	return livy.Session{}, err
}

// sleep reports whether d went by before ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
