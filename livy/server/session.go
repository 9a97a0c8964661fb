// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// retainedStatements is how many ended statements a session keeps, Apache
// Livy's livy.rsc.retained-statements. Statements that wait or run are kept
// beyond it.
const retainedStatements = 100

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

// submit queues code of kind and reports whether it is next to run.
func (s *session) submit(kind livy.Kind, code string) (st *statement, next bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.state.Ready() {
		return nil, false, stateError(s.state)
	}
	st = &statement{
		Statement: Statement{ID: s.nextID, Kind: kind, Code: code},
		state:     livy.StatementWaiting,
		ended:     make(chan struct{}),
	}
	next = s.state == livy.SessionIdle && len(s.queue) == 0
	s.nextID++
	s.statements = append(s.statements, st)
	s.queue = append(s.queue, st)
	s.forget()
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return st, next, nil
}

// forget drops the oldest ended statements beyond retainedStatements.
func (s *session) forget() {
	over := len(s.statements) - retainedStatements
	s.statements = slices.DeleteFunc(s.statements, func(st *statement) bool {
		if over <= 0 || st.running() || !st.state.Terminal() {
			return false
		}
		over--
		return true
	})
}

// running reports whether the driver has the statement in hand; a cancelled
// one may still be.
func (st *statement) running() bool { return st.cancel != nil }

// find returns the statement id, or nil.
func (s *session) find(id int64) *statement {
	for _, st := range s.statements {
		if int64(st.ID) == id {
			return st
		}
	}
	return nil
}

// errNotActive is the answer to questions about statements of a session whose
// driver is gone: their results are gone with it.
var errNotActive = errors.New("requirement failed: Session isn't active.") //nolint:staticcheck // The real server's words.

// active returns errNotActive where the session has no statements to show.
func (s *session) active() error {
	if s.state.Terminal() && s.state != livy.SessionShuttingDown {
		return errNotActive
	}
	return nil
}

// show returns the statement id as it is now, nil where there is none.
func (s *session) show(id int64) (*statementView, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.active(); err != nil {
		return nil, err
	}
	st := s.find(id)
	if st == nil {
		return nil, nil
	}
	view := st.view()
	return &view, nil
}

// statementList is the answer to GET statements. Positions, not ids, count in
// it.
type statementList struct {
	TotalStatements int             `json:"total_statements"`
	Statements      []statementView `json:"statements"`
}

// list returns size of the retained statements from position from, the newest
// first where desc is set.
func (s *session) list(from, size int64, desc bool) (*statementList, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.active(); err != nil {
		return nil, err
	}
	all := slices.Clone(s.statements)
	if desc {
		slices.Reverse(all)
	}
	list := &statementList{TotalStatements: len(all), Statements: []statementView{}}
	for _, st := range slice(all, from, size) {
		list.Statements = append(list.Statements, st.view())
	}
	return list, nil
}

// cancelStatement cancels the statement id if there is one that has not ended.
// A waiting one never runs. A running one is cancelling until the driver
// returns, or until the cancel timeout: then it counts as cancelled, the
// session stays busy, and the output is filled in when it comes.
func (s *session) cancelStatement(id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.state.Ready() {
		return stateError(s.state)
	}
	switch st := s.find(id); {
	case st == nil:
	case st.state == livy.StatementWaiting:
		s.queue = slices.DeleteFunc(s.queue, func(q *statement) bool { return q == st })
		st.end(livy.StatementCancelled)
	case st.state == livy.StatementRunning:
		st.state = livy.StatementCancelling
		st.timeout = time.AfterFunc(s.cancelTimeout, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if st.state == livy.StatementCancelling {
				st.end(livy.StatementCancelled)
			}
		})
		st.cancel()
	}
	return nil
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
