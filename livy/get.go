// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"time"
)

// How often and how long a GET without an answer is tried again.
const (
	retryFirst = 100 * time.Millisecond
	retryMax   = 5 * time.Second
	retryFor   = 30 * time.Second
)

// get reads path into v. It is tried again when no answer came, and when a
// proxy before the server has none (502, 503, 504).
func (c *Client) get(ctx context.Context, op, path string, v any) error {
	_, err := c.read(ctx, request{op: op, method: http.MethodGet, path: path}, v)
	return err
}

// read is get for a request that says more, and for an answer that does.
func (c *Client) read(ctx context.Context, r request, v any) (http.Header, error) {
	var deadline time.Time
	pause := retryFirst
	for tries := 1; ; tries++ {
		a, err := c.send(ctx, r, new(attempt))
		if err == nil {
			return a.header, wrap(r.op, a.decode(v))
		}
		if tries == 1 {
			deadline = time.Now().Add(retryFor)
		}
		// One time-out may use up the half minute; the connection may have been a
		// dead one, so there is always a second try.
		if ctx.Err() != nil || !worthRetrying(err) || tries > 1 && time.Now().Add(pause).After(deadline) {
			return nil, countTries(err, tries)
		}
		c.log.Debug("no answer, trying again", "op", r.op, "in", pause)
		if err := sleep(ctx, jitter(pause)); err != nil {
			return nil, fmt.Errorf("%s: %w", r.op, err)
		}
		pause = min(2*pause, retryMax)
	}
}

// worthRetrying reports whether err may pass by itself.
func worthRetrying(err error) bool {
	var transport *TransportError
	if errors.As(err, &transport) {
		return transport.Phase != PhaseTLS || broken(transport.Err)
	}
	if temporary(err) {
		return true
	}
	var api *APIError
	return errors.As(err, &api) && (api.StatusCode == http.StatusBadGateway ||
		api.StatusCode == http.StatusServiceUnavailable || api.StatusCode == http.StatusGatewayTimeout)
}

// temporary reports whether err, which may be an Authorizer's, says of itself
// that it may pass.
func temporary(err error) bool {
	var passing interface{ Temporary() bool }
	return errors.As(err, &passing) && passing.Temporary()
}

// broken reports whether a handshake failed for the connection's sake. What
// else goes wrong there, such as a certificate, does not become right.
func broken(err error) bool {
	var operation *net.OpError
	return timedOut(err) || errors.Is(err, io.EOF) ||
		errors.As(err, &operation) && (operation.Op == "read" || operation.Op == "write")
}

func countTries(err error, tries int) error {
	var transport *TransportError
	if errors.As(err, &transport) {
		transport.Tries = tries
	}
	return err
}

// sleep waits for d or until ctx ends, and then returns why.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// jitter spreads d by a tenth to either side, so that many clients do not
// keep step.
func jitter(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.9 + 0.2*rand.Float64())) //nolint:gosec // spreading load needs no secrecy
}
