// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"time"
)

// Submitter submits the statements of one session, one at a time, and looks up
// what became of one whose outcome is unknown. It never submits one twice.
//
// Servers number the statements of a session. What a Submitter looks for has a
// higher number than all that it knows of, and is this one's by its sourceId
// or, where nobody else submits, by its code.
type Submitter struct {
	client  *Client
	session SessionID
	turn    chan struct{} // holds a token while nothing is submitted

	// Owned by whoever has the turn.
	shared bool
	last   int64 // the highest number that is known
	known  bool  // or nothing is, and the server has to be asked first
}

// Statements tells what is in a session when a Submitter begins.
type Statements int

// What may be in a session.
const (
	NoStatements      Statements = iota // it is new, and nobody else submits to it
	OwnStatements                       // nobody else submits to it
	ForeignStatements                   // others may submit to it at any time
)

// NewSubmitter returns the Submitter of a session. All statements that this
// program submits to the session must go through it.
func (c *Client) NewSubmitter(session SessionID, there Statements) *Submitter {
	s := &Submitter{
		client: c, session: session, turn: make(chan struct{}, 1),
		shared: there == ForeignStatements, last: -1, known: there == NoStatements,
	}
	s.turn <- struct{}{}
	return s
}

// Submit is Client.Submit, but for an unknown outcome: then it asks the server
// for a quarter of a minute, and tells so by a Notice. What is found then counts
// as accepted. An *UncertainError is what remains.
//
// Once the request is on its way, the end of ctx ends nothing.
func (s *Submitter) Submit(ctx context.Context, body StatementRequest) (Statement, error) {
	select {
	case <-s.turn:
		defer func() { s.turn <- struct{}{} }()
	case <-ctx.Done():
		return Statement{}, fmt.Errorf("submit statement: %w", context.Cause(ctx))
	}
	if body.SourceID == "" {
		body.SourceID = rand.Text()
	}
	if !s.known && !s.shared {
		s.learn(ctx)
	}
	stmt, err := s.submit(ctx, body)
	if uncertain := asUncertain(err); uncertain != nil {
		stmt, err = s.lookUp(ctx, body, uncertain)
	}
	if err == nil {
		s.saw(stmt)
	}
	return stmt, err
}

// notFoundPauses are how long to wait for a session that the server does not
// know when a statement comes, and shows when it is asked for.
var notFoundPauses = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}

func (s *Submitter) submit(ctx context.Context, body StatementRequest) (Statement, error) {
	for tries := 0; ; tries++ {
		stmt, err := s.client.Submit(ctx, s.session, body)
		if !notFound(err) || s.client.traits.tellsEnd || tries == len(notFoundPauses) {
			return stmt, err
		}
		if ended := sleep(ctx, notFoundPauses[tries]); ended != nil {
			return stmt, fmt.Errorf("submit statement: %w", ended)
		}
	}
}

// learn asks for the highest number that is there before the first submission.
func (s *Submitter) learn(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lookUpTimeout)
	defer cancel()
	list, err := s.client.statements(ctx, s.session)
	if err != nil {
		return // without it an unknown outcome stays unknown
	}
	s.known = true
	for _, stmt := range list {
		s.saw(stmt)
	}
}

// saw notes the number of a statement.
func (s *Submitter) saw(stmt Statement) {
	if n, ok := stmt.ID.number(); ok && n > s.last {
		s.last = n
	}
	s.known = true
}

// number returns the number that an id is.
func (id StatementID) number() (n int64, ok bool) {
	n, err := strconv.ParseInt(string(id), 10, 64)
	return n, err == nil && n >= 0
}

// numbered returns the id that a number is.
func numbered(n int64) StatementID { return StatementID(strconv.FormatInt(n, 10)) }

// statements lists the statements of a session. Apache Livy fetches all
// outputs from the driver for that, so it is no way to poll.
func (c *Client) statements(ctx context.Context, id SessionID) ([]Statement, error) {
	p, err := c.statementsPath(id)
	if err != nil {
		return nil, err
	}
	var list struct {
		Statements []Statement `json:"statements"`
	}
	if err := c.get(ctx, "list statements", p, &list); err != nil {
		return nil, c.sessionLost(ctx, id, err)
	}
	return list.Statements, nil
}
