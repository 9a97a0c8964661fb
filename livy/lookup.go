// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"context"
	"errors"
	"math"
	"time"
)

// lookUpTimes are when the server is asked for a statement after its
// submission failed. A gateway that gave up may let it through as late as that.
var lookUpTimes = []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second}

// lookUpTimeout bounds each of these questions.
const lookUpTimeout = 10 * time.Second

// found is what a question for a statement came to.
type found int

const (
	isThere   found = iota
	notThere        // the server does not show it
	unknown         // the server did not say
	neverSeen       // and it never will
)

// lookUp looks for a statement that may have been accepted; uncertain is the
// error to return if it is not found.
func (s *Submitter) lookUp(ctx context.Context, body StatementRequest, uncertain *UncertainError) (Statement, error) {
	if !s.recognises() {
		return Statement{}, uncertain
	}
	began := time.Now()
	notify(ctx, Notice{Op: uncertain.Op, Reason: ReasonLookUp, Until: began.Add(lookUpTimes[len(lookUpTimes)-1])})
	// Nobody but this can find the statement: it goes on when the cell is
	// interrupted, so that it can be cancelled.
	ctx = withoutPrinted(context.WithoutCancel(ctx)) // it may be somebody else's that is found
	absent := true
	for _, at := range lookUpTimes {
		if err := sleep(ctx, time.Until(began.Add(at))); err != nil {
			break
		}
		stmt, result, err := s.ask(ctx, body)
		switch result {
		case isThere:
			s.client.log.Info("found a statement whose submission had no answer", "statement", stmt.ID, "after", time.Since(began))
			return stmt, nil
		case neverSeen:
			return Statement{}, &UncertainError{Op: uncertain.Op, Err: errors.Join(uncertain.Err, err)}
		}
		absent = result == notThere
	}
	return Statement{}, &UncertainError{Op: uncertain.Op, Err: uncertain.Err, Absent: absent && !s.overtaken(ctx)}
}

// recognises reports whether the statement would be known for this one's.
func (s *Submitter) recognises() bool {
	return s.client.traits.sourceID || s.known && !s.shared
}

// ask asks the server once.
func (s *Submitter) ask(ctx context.Context, body StatementRequest) (Statement, found, error) {
	ctx, cancel := context.WithTimeout(ctx, lookUpTimeout)
	defer cancel()
	if s.client.traits.sourceID {
		return s.askList(ctx, body)
	}
	return s.askNext(ctx, body)
}

// askNext asks for the number after the last one. Where somebody else has it,
// the session is not this program's alone, and nothing is known by its code.
func (s *Submitter) askNext(ctx context.Context, body StatementRequest) (Statement, found, error) {
	stmt, err := s.client.Statement(ctx, s.session, numbered(s.last+1))
	switch {
	case err == nil && stmt.Code == body.Code:
		return stmt, isThere, nil
	case err == nil:
		s.shared = true
		return Statement{}, neverSeen, errForeign
	case notFound(err):
		if lost := s.client.sessionLost(ctx, s.session, err); lostSession(lost) {
			return Statement{}, neverSeen, lost
		}
		return Statement{}, notThere, nil
	}
	if lost := s.client.sessionLost(ctx, s.session, err); lostSession(lost) {
		return Statement{}, neverSeen, lost
	}
	return Statement{}, unknown, nil
}

var errForeign = errors.New("somebody else submits statements to the session")

// askList looks for the sourceId among all statements. A server that shows
// none is asked by number and code.
func (s *Submitter) askList(ctx context.Context, body StatementRequest) (Statement, found, error) {
	list, err := s.client.statements(ctx, s.session)
	if lostSession(err) {
		return Statement{}, neverSeen, err
	}
	if err != nil {
		return Statement{}, unknown, nil
	}
	var candidate *Statement
	lowest := int64(math.MaxInt64)
	for _, stmt := range list {
		n, ok := stmt.ID.number()
		switch {
		case stmt.SourceID == body.SourceID:
			return stmt, isThere, nil
		case !ok, !s.known, s.shared, n <= s.last, stmt.SourceID != "", stmt.Code != body.Code:
		case n < lowest:
			candidate, lowest = &stmt, n
		}
	}
	if candidate != nil {
		return *candidate, isThere, nil
	}
	return Statement{}, notThere, nil
}

// overtaken reports whether there may be statements between the last one known
// and the ones that the server still shows.
func (s *Submitter) overtaken(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, lookUpTimeout)
	defer cancel()
	list, err := s.client.statements(ctx, s.session)
	if err != nil {
		return true
	}
	for _, stmt := range list {
		if n, ok := stmt.ID.number(); !ok || n > s.last {
			return true
		}
	}
	return false
}

func lostSession(err error) bool {
	var lost *SessionLostError
	return errors.As(err, &lost)
}

func asUncertain(err error) *UncertainError {
	var uncertain *UncertainError
	if errors.As(err, &uncertain) {
		return uncertain
	}
	return nil
}
