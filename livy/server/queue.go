// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"slices"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// retainedStatements is how many ended statements a session keeps, Apache
// Livy's livy.rsc.retained-statements. Statements that wait or run are kept
// beyond it.
const retainedStatements = 100

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
		printed:   printed{more: make(chan struct{})},
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
		if over <= 0 || !st.state.Terminal() {
			return false
		}
		over--
		return true
	})
}

// retainedPrinted is how many ended statements keep what they printed beside
// their output, which holds the same.
const retainedPrinted = 10

// forgetPrinted has older statements show what they printed in their output
// alone.
func (s *session) forgetPrinted() {
	kept := 0
	for _, st := range slices.Backward(s.statements) {
		if !st.printed.any() || !st.state.Terminal() || st.output == nil {
			continue
		}
		if kept++; kept > retainedPrinted {
			st.printed.text.Reset()
		}
	}
}

// find returns the statement id, or nil.
func (s *session) find(id int64) *statement {
	for _, st := range s.statements {
		if int64(st.ID) == id {
			return st
		}
	}
	return nil
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
