// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Waiting for a server that takes no more requests for now.
const (
	throttleMax        = 10 * time.Minute // in all, unless WithThrottleMax says otherwise
	throttlePause      = 2 * time.Second  // at first, where the server does not say
	throttlePauseLater = 30 * time.Second // at most
)

// statusCapacity is Fabric's answer where its compute is in use.
const statusCapacity = 430

// ThrottledError tells that the server takes no more requests for longer than
// the client waits. Nothing was done.
type ThrottledError struct {
	Op       string
	Until    time.Time // when to try again
	Capacity bool      // no compute is free, rather than too many requests
	Err      error     // the *APIError
}

func (e *ThrottledError) Error() string {
	why := "too many requests"
	if e.Capacity {
		why = "no capacity"
	}
	return fmt.Sprintf("%s until %s: %s", why, e.Until.UTC().Format("15:04:05 MST"), e.Err)
}

func (e *ThrottledError) Unwrap() error { return e.Err }

// send sends a request and waits where the server asks for that. It then sends
// it again: it was refused.
func (c *Client) send(ctx context.Context, r request, sent *attempt) (answer, error) {
	var deadline time.Time
	pause := throttlePause
	for {
		a, err := c.signedIn(ctx, r, sent)
		reason, refusal := throttling(r, err)
		if refusal == nil {
			return a, err
		}
		now := time.Now()
		if deadline.IsZero() {
			deadline = now.Add(c.throttleMax)
		}
		wait := pause
		if refusal.again.given {
			wait = refusal.again.after
		}
		until := now.Add(wait)
		if reason == ReasonThrottled && c.budget != nil {
			c.budget.Block(until)
		}
		if until.After(deadline) {
			return a, &ThrottledError{Op: r.op, Until: until, Capacity: reason == ReasonCapacity, Err: refusal}
		}
		notify(ctx, Notice{Op: r.op, Reason: reason, Until: until, Message: refusal.Message})
		c.log.Info("waiting for the server", "op", r.op, "status", refusal.StatusCode, "for", wait)
		if err := sleep(ctx, wait); err != nil {
			return answer{}, &stoppedError{op: r.op, cause: err, refusal: refusal}
		}
		pause = min(2*pause, throttlePauseLater)
	}
}

// throttling returns the refusal that asks for patience, and its reason; nil
// where err is something else. A 503 does not say whether anything was done,
// so it counts only for what may be done twice.
func throttling(r request, err error) (Reason, *APIError) {
	var refusal *APIError
	var stopped *stoppedError
	if !errors.As(err, &refusal) || errors.As(err, &stopped) {
		return "", nil
	}
	switch refusal.StatusCode {
	case http.StatusTooManyRequests:
		return ReasonThrottled, refusal
	case statusCapacity:
		return ReasonCapacity, refusal
	case http.StatusServiceUnavailable:
		if refusal.again.given && (r.method == http.MethodGet || r.again) {
			return ReasonUnavailable, refusal
		}
	}
	return "", nil
}

// Budget is a number of requests in a time that several programs share.
type Budget interface {
	// Take takes one request out of it and returns how long to wait before that
	// is sent. One that is urgent goes before those that are not. Where none is
	// taken, because too many wait, it is to be asked again after the wait.
	Take(urgent bool) (wait time.Duration, taken bool)
	// Block has every request wait until then: the server takes none before.
	Block(until time.Time)
}

// admit takes r out of the budget. Polls can wait, and so can what keeps a
// session alive; a person waits for all else.
func (c *Client) admit(ctx context.Context, r request) error {
	if c.budget == nil {
		return nil
	}
	urgent := r.method != http.MethodGet && r.op != opKeepAlive
	for {
		wait, taken := c.budget.Take(urgent)
		if taken && wait <= 0 {
			return nil
		}
		if !taken {
			wait = jitter(wait)
		}
		if wait > time.Second {
			notify(ctx, Notice{Op: r.op, Reason: ReasonBudget, Until: time.Now().Add(wait)})
		}
		if err := sleep(ctx, wait); err != nil || taken {
			return err
		}
	}
}
