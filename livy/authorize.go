// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"context"
	"errors"
	"net/http"
)

// Authorizer adds credentials to a request to the client's own endpoint. It
// is asked for every request, so that it may refresh what it holds. It may ask
// a person, and take minutes: no time-out of the request runs meanwhile.
//
// One that is a Reauthorizer too is told of credentials that were not taken.
type Authorizer interface {
	Authorize(ctx context.Context, req *http.Request) error
}

// Reauthorizer can do something about credentials that a server does not take.
type Reauthorizer interface {
	// Unauthorized is given the header of an answer 401, once for a request.
	// nil means that the next Authorize has better ones.
	Unauthorized(ctx context.Context, header http.Header) error
}

// signedIn makes one attempt, and another one where the Authorizer has better
// credentials. That is safe for every request: a 401 was not executed.
func (c *Client) signedIn(ctx context.Context, r request, sent *attempt) (answer, error) {
	a, err := c.exchange(ctx, r, sent)
	var refusal *APIError
	again, able := c.authorize.(Reauthorizer)
	if !able || !errors.As(err, &refusal) || refusal.StatusCode != http.StatusUnauthorized {
		return a, err
	}
	if err := again.Unauthorized(ctx, a.header); err != nil {
		return answer{}, &stoppedError{op: r.op, cause: err, refusal: refusal}
	}
	return c.exchange(ctx, r, sent)
}

// stoppedError tells why a request that the server refused was not sent again.
// It is an *APIError too: nothing was done.
type stoppedError struct {
	op      string
	cause   error
	refusal *APIError
}

func (e *stoppedError) Error() string   { return e.op + ": " + e.cause.Error() }
func (e *stoppedError) Unwrap() []error { return []error{e.cause, e.refusal} }
