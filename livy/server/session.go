// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// session is one session: a driver once it has started, a queue of
// statements and what became of them.
type session struct {
	id            int
	request       livy.CreateSessionRequest
	lines         logRing
	log           *slog.Logger
	cancelTimeout time.Duration
	stop          context.CancelFunc // Makes the driver end.
	done          chan struct{}      // Closed when nothing of the driver is left.
	wake          chan struct{}      // Holds a token when the queue has grown.

	mu         sync.Mutex
	asked      time.Time // when a client last asked for it
	used       time.Time // when a client last used it
	began      time.Time // when its driver took statements
	state      livy.SessionState
	driver     Driver // Nil until it has started.
	statements []*statement
	queue      []*statement // The waiting ones of statements.
	nextID     int
}

// stateError is the answer to requests that a session takes only while its
// driver lives.
type stateError livy.SessionState

func (e stateError) Error() string {
	return "java.lang.IllegalStateException: Session is in state " + string(e)
}

// live returns the driver of a session that takes statements.
func (s *session) live() (Driver, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.state.Ready() {
		return nil, stateError(s.state)
	}
	return s.driver, nil
}

// shutDown makes the driver end, for a DELETE or the end of the server.
func (s *session) shutDown() {
	s.setState(livy.SessionShuttingDown)
	s.stop()
}

// setState changes the state unless the session is past coming back.
func (s *session) setState(state livy.SessionState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == state || s.state.Terminal() {
		return
	}
	s.log.Debug("session state", "session", s.id, "state", string(state))
	s.state = state
}
