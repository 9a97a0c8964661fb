// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Statement reads a statement.
func (c *Client) Statement(ctx context.Context, id SessionID, statement StatementID) (Statement, error) {
	s, _, err := c.await(ctx, id, statement, 0)
	return s, err
}

// await reads a statement. A server that can holds its answer back until the
// statement has ended, or has printed more where somebody listens, for at most
// hold, and then held is true.
func (c *Client) await(ctx context.Context, id SessionID, statement StatementID, hold time.Duration) (s Statement, held bool, err error) {
	p, err := c.statementPath(id, statement)
	if err != nil {
		return Statement{}, false, err
	}
	const op = "get statement"
	asked := time.Now()
	header, err := c.read(ctx, request{op: op, method: http.MethodGet, path: p, hold: hold, tells: true}, &s)
	if err != nil {
		return Statement{}, false, err
	}
	if s.ID != "" && s.ID != statement { // the result of another cell is worse than none
		return Statement{}, false, fmt.Errorf("%s: asked for %s, the answer is about %s", op, statement, s.ID)
	}
	// Whoever says so and answers at once is not asked again and again.
	patience := hold / 2
	if listenerOf(ctx).hear(s.Printed) {
		patience = min(patience, minGather)
	}
	return s, holds(header) && time.Since(asked) > patience, nil
}

// holds reports whether the server says that it has held its answer back.
func holds(header http.Header) bool {
	applied := strings.Join(header.Values("Preference-Applied"), ",") // a proxy may have joined them
	return slices.ContainsFunc(strings.Split(applied, ","), func(name string) bool { return strings.EqualFold(strings.TrimSpace(name), "wait") })
}

// Cancel asks the server to stop a statement. Apache Livy stops Spark jobs,
// and code of the driver only where it waits for one; it answers the same for
// a statement that has ended.
func (c *Client) Cancel(ctx context.Context, id SessionID, statement StatementID) error {
	p, err := c.statementPath(id, statement)
	if err != nil {
		return err
	}
	_, err = c.send(ctx, request{op: "cancel statement", method: http.MethodPost, path: p + "/cancel", body: struct{}{}, again: true}, new(attempt))
	return err
}

// CompletionRequest is the body of POST /sessions/{id}/completion. Apache Livy
// answers for Scala alone, and wants the kind in a session of one kind too.
type CompletionRequest struct {
	Code   string `json:"code"`
	Kind   Kind   `json:"kind"`
	Cursor int    `json:"cursor"` // in code points
}

// Complete returns the candidates for the identifier before the cursor, each
// a whole identifier. Where the dialect has no completion the error is
// errors.ErrUnsupported.
func (c *Client) Complete(ctx context.Context, id SessionID, body CompletionRequest) ([]string, error) {
	p, err := sessionPath(id)
	if err != nil {
		return nil, err
	}
	const op = "complete"
	if !c.traits.completion {
		return nil, fmt.Errorf("%s: %w", op, errors.ErrUnsupported)
	}
	a, err := c.send(ctx, request{op: op, method: http.MethodPost, path: p + "/completion", body: body, again: true}, new(attempt))
	if err != nil {
		return nil, err
	}
	var found struct {
		Candidates []string `json:"candidates"`
	}
	return found.Candidates, wrap(op, a.decode(&found))
}

// statementsPath returns the path of a session's statements, or of those of its
// REPL that the client speaks of.
func (c *Client) statementsPath(id SessionID) (string, error) {
	p, err := sessionPath(id)
	if c.repl != "" {
		p = "/highConcurrencySessions/" + string(id) + "/repls/" + string(c.repl)
	}
	return p + "/statements", err
}

func (c *Client) statementPath(id SessionID, statement StatementID) (string, error) {
	p, err := c.statementsPath(id)
	if err == nil && !SessionID(statement).Valid() {
		err = fmt.Errorf("statement id %.40q may not stand in a path", string(statement))
	}
	return p + "/" + string(statement), err
}
