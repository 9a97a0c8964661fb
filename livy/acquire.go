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

// Acquire asks for a REPL. An unknown outcome is an *UncertainError: it cannot
// be looked up, and a session may be running that nobody knows of.
func (c *Client) Acquire(ctx context.Context, body HighConcurrencyRequest) (HighConcurrencySession, error) {
	const op = "acquire high-concurrency session"
	var h HighConcurrencySession
	if c.dialect != DialectFabric {
		return h, fmt.Errorf("%s: %w", op, errors.ErrUnsupported)
	}
	if err := c.dialect.Check(body.CreateSessionRequest); err != nil {
		return h, wrap(op, err)
	}
	a, err := c.postOnce(ctx, request{op: op, path: "/highConcurrencySessions", body: body, timeout: createTimeout, secrets: body.secrets()})
	if err != nil {
		return h, err
	}
	if err := a.decode(&h); (err != nil || h.ID == "") && !a.idFromLocation("highConcurrencySessions", &h.ID) {
		return h, &UncertainError{Op: op, Err: fmt.Errorf("%s: the answer names no session", op)}
	}
	if h.SessionTag != "" && h.SessionTag != body.SessionTag {
		return h, fmt.Errorf("%s: the answer is about another session tag", op)
	}
	return h, nil
}

// HighConcurrency reads what an acquire has come to.
func (c *Client) HighConcurrency(ctx context.Context, id SessionID) (HighConcurrencySession, error) {
	const op = "get high-concurrency session"
	p, err := highConcurrencyPath(id)
	if err != nil {
		return HighConcurrencySession{}, err
	}
	var h HighConcurrencySession
	if err := c.get(ctx, op, p, &h); err != nil {
		return h, err
	}
	if h.ID != "" && h.ID != id {
		return h, fmt.Errorf("%s: asked for %s, the answer is about %s", op, id, h.ID)
	}
	h.ID = id
	return h, nil
}

// WaitAcquired polls an acquire until it has a REPL and calls progress, which
// may be nil, at each poll. One that fails is a *SessionStartError.
func (c *Client) WaitAcquired(ctx context.Context, h HighConcurrencySession, progress func(HighConcurrencySession)) (HighConcurrencySession, error) {
	started, seen := time.Now(), false
	for {
		if progress != nil {
			progress(h)
		}
		switch {
		case h.State == HighConcurrencyIdle && h.SessionID != "" && h.ReplID != "":
			return h, nil
		case h.State.Terminal():
			return h, &SessionStartError{State: SessionState(h.State), Elapsed: time.Since(started)}
		}
		if err := sleep(ctx, jitter(c.traits.starting.pause(time.Since(started), 0))); err != nil {
			return h, fmt.Errorf("wait for high-concurrency session: %w", err)
		}
		now, err := c.HighConcurrency(ctx, h.ID)
		switch {
		case err == nil && h.SessionID != "" && now.SessionID != h.SessionID:
			return now, fmt.Errorf("wait for high-concurrency session: it moved from session %s to %s", h.SessionID, now.SessionID)
		case err == nil:
			h, seen = now, true
		case !notFound(err):
			return h, err
		case seen || time.Since(started) > sessionGrace:
			return h, &SessionStartError{State: stateGone, Elapsed: time.Since(started)}
		}
	}
}

// Release gives a REPL back. Its session ends with the last one. What is gone
// already counts as released.
func (c *Client) Release(ctx context.Context, id SessionID) error {
	p, err := highConcurrencyPath(id)
	if err != nil {
		return err
	}
	_, err = c.send(ctx, request{op: "release high-concurrency session", method: http.MethodDelete, path: p, again: true}, new(attempt))
	if notFound(err) {
		return nil
	}
	return err
}

// OnRepl returns a client whose statements are those of a REPL: it takes the
// REPL's session for the session of Submit, Statement, WaitStatement, Cancel
// and of a Submitter.
func (c *Client) OnRepl(repl ReplID) (*Client, error) {
	if !SessionID(repl).Valid() {
		return nil, fmt.Errorf("REPL id %.40q may not stand in a path", string(repl))
	}
	on := *c
	on.repl = repl
	return &on, nil
}

func highConcurrencyPath(id SessionID) (string, error) {
	if !id.Valid() {
		return "", fmt.Errorf("high-concurrency session id %.40q may not stand in a path", string(id))
	}
	return "/highConcurrencySessions/" + string(id), nil
}
