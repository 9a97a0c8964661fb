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

// Submit posts a statement. It posts again only when nothing of the request
// was written. What the server refuses is an *APIError, a session that has
// ended a *SessionLostError, and then nothing runs; any other failure is an
// *UncertainError: the code may run, and must not be sent again blindly.
//
// Once the request is on its way, the end of ctx does not cut it off: that
// would make its outcome unknown. Submit returns when the answer is there.
func (c *Client) Submit(ctx context.Context, id SessionID, body StatementRequest) (Statement, error) {
	const op = "submit statement"
	p, err := c.statementsPath(id)
	if err != nil {
		return Statement{}, err
	}
	if !c.traits.sourceID {
		body.SourceID = ""
	}
	a, err := c.postOnce(ctx, request{op: op, path: p, body: body, tells: true})
	if err != nil {
		return Statement{}, c.sessionLost(ctx, id, err)
	}
	var s Statement
	if err := a.decode(&s); err != nil {
		return Statement{}, &UncertainError{Op: op, Err: wrap(op, err)}
	}
	if s.ID == "" {
		return Statement{}, &UncertainError{Op: op, Err: fmt.Errorf("%s: the answer names no statement", op)}
	}
	listenerOf(ctx).hear(s.Printed)
	return s, nil
}

// How often a POST of which nothing was written is tried.
const (
	postTries = 4
	postPause = 250 * time.Millisecond
)

// postOnce sends a POST that must take effect at most once.
func (c *Client) postOnce(ctx context.Context, r request) (answer, error) {
	r.method, r.once = http.MethodPost, true
	pause := postPause
	for tries := 1; ; tries++ {
		if ctx.Err() != nil {
			return answer{}, fmt.Errorf("%s: %w", r.op, context.Cause(ctx))
		}
		sent := new(attempt)
		a, err := c.send(ctx, r, sent)
		switch {
		case err == nil:
			return a, nil
		case refused(err):
			return answer{}, err
		case sent.mayHaveArrived():
			return answer{}, &UncertainError{Op: r.op, Err: err}
		case tries == postTries || !worthRetrying(err):
			return answer{}, countTries(err, tries)
		}
		if err := sleep(ctx, jitter(pause)); err != nil {
			return answer{}, fmt.Errorf("%s: %w", r.op, err)
		}
		pause *= 2
	}
}

// refused reports whether err is an answer by which the server says that it
// did nothing. A 500 is one only in words known from Apache Livy; a 502, 503
// or 504 may come from a proxy whose server went on, and so may the answers
// 408 and 499 about a time that ran out. A 303 would point to what was done.
func refused(err error) bool {
	var api *APIError
	if !errors.As(err, &api) {
		return false
	}
	switch code := api.StatusCode; code {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	case http.StatusRequestTimeout, 499:
		return false
	case http.StatusInternalServerError:
		return slices.ContainsFunc(refusals, func(words string) bool { return strings.Contains(api.Message, words) })
	default:
		return code >= 400 && code < 500
	}
}

// refusals are Apache Livy's texts of a 500 for a statement that it did not
// take.
var refusals = []string{
	"IllegalStateException: " + sessionIsInState,
	"Invalid kind: ",
	"Code type should be specified if session kind is shared",
}

// sessionIsInState begins Apache Livy's refusal of a statement for a session
// that does not run.
const sessionIsInState = "Session is in state "
