// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy"
)

const (
	// heartbeatTimeout is after what silence the server ends a session whose
	// kernel was killed; heartbeatInterval is how often the kernel is heard of.
	heartbeatTimeout  = time.Hour
	heartbeatInterval = 15 * time.Minute

	// deleteTimeout bounds the DELETE of a session that nobody waits for.
	deleteTimeout = 30 * time.Second
)

// session is a remote session from the moment it is asked for to its end. Its
// start goes on when the cell that asked for it is interrupted.
type session struct {
	end   context.CancelFunc // gives up the start; ends the heartbeat
	ready chan struct{}      // closed when the start has ended, one way or the other
	began time.Time

	mu   sync.Mutex
	news string // what the start is at

	told bool // the user has been told that it is ready; owned by the executor

	// Written before ready is closed, read after it.
	client *livy.Client
	livy   livy.Session
	took   time.Duration
	err    error
}

// started reports whether the start has ended.
func (s *session) started() bool {
	select {
	case <-s.ready:
		return true
	default:
		return false
	}
}

// tell notes what the start is at.
func (s *session) tell(news string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.news = news
}

// begin starts a session in the background and makes it the current one. It
// outlives the cell whose ctx is given.
func (b *Bridge) begin(ctx context.Context) *session {
	ctx, end := context.WithCancel(context.WithoutCancel(ctx))
	s := &session{end: end, ready: make(chan struct{}), began: time.Now()}
	request := b.newRequest()
	b.mu.Lock()
	b.current = s
	b.mu.Unlock()
	b.background.Go(func() {
		s.err = b.open(ctx, s, request)
		s.took = time.Since(s.began)
		close(s.ready)
		if s.err == nil {
			b.beat(ctx, s)
		}
	})
	return s
}

// newRequest returns the body for a new session. Without a kind the session is
// shared: it takes statements of every language. The name tells whose it is.
func (b *Bridge) newRequest() livy.CreateSessionRequest {
	request := b.request
	request.Kind = ""
	if request.Name == "" {
		request.Name = "livy-kernel"
	}
	request.Name += "-" + uuid.NewString()[:8]
	if request.HeartbeatTimeoutInSecond == 0 && b.profile.Endpoint != config.EndpointLocal {
		request.HeartbeatTimeoutInSecond = int(heartbeatTimeout / time.Second)
	}
	return request
}

// open connects, asks for a session and waits until it takes statements. When
// ctx ends, whatever session has come to be is deleted.
func (b *Bridge) open(ctx context.Context, s *session, request livy.CreateSessionRequest) error {
	client, err := b.connected(ctx, s.tell)
	if err != nil {
		return &connectError{err}
	}
	s.tell("asking for a session")
	// The end of ctx does not cut the request off: a session whose id nobody
	// has would live on.
	created, err := client.CreateSession(ctx, request)
	if err != nil {
		return &createError{err}
	}
	s.tell("state " + string(created.State))
	started, err := client.WaitSession(ctx, created, func(now livy.Session) { s.tell("state " + string(now.State)) })
	if err != nil {
		discard, cancel := context.WithTimeout(context.WithoutCancel(ctx), deleteTimeout)
		defer cancel()
		if derr := client.DeleteSession(discard, created.ID); derr != nil {
			b.log.Warn("a session that did not start was not deleted", "session", created.ID, "err", derr)
		}
		return err
	}
	s.client, s.livy = client, started
	return nil
}

// connected returns the client, made at the first call that succeeds.
func (b *Bridge) connected(ctx context.Context, progress func(string)) (*livy.Client, error) {
	b.mu.Lock()
	client := b.client
	b.mu.Unlock()
	if client != nil {
		return client, nil
	}
	progress("connecting")
	client, closer, err := b.connect(ctx, progress)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	b.client, b.closer = client, closer
	b.mu.Unlock()
	return client, nil
}

// beat lets the server hear of the kernel while no cell runs.
func (b *Bridge) beat(ctx context.Context, s *session) {
	ticker := time.NewTicker(heartbeatInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if _, err := s.client.Session(ctx, s.livy.ID); err != nil && ctx.Err() == nil {
				b.log.Warn("heartbeat", "session", s.livy.ID, "err", err)
			}
		}
	}
}

// delete ends s on the server, or gives up its start, which deletes whatever
// has come of it.
func (s *session) delete(ctx context.Context) error {
	s.end()
	select {
	case <-s.ready:
	case <-ctx.Done():
		return fmt.Errorf("wait for the end of a session's start: %w", context.Cause(ctx))
	}
	if s.err != nil {
		return nil
	}
	return s.client.DeleteSession(ctx, s.livy.ID)
}
