// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// sessionGrace is for how long a session that was just created may be unknown
// to the server that created it.
const sessionGrace = time.Minute

// WaitSession polls s until it takes statements and calls progress, which may
// be nil, at each poll. A session that ends instead is a *SessionStartError
// with the last lines of its log.
func (c *Client) WaitSession(ctx context.Context, s Session, progress func(Session)) (Session, error) {
	started, seen := time.Now(), false
	for {
		if progress != nil {
			progress(s)
		}
		switch {
		case s.State.Ready():
			return s, nil
		case s.State.Terminal():
			return s, &SessionStartError{State: s.State, Elapsed: time.Since(started), Log: c.lastLines(ctx, s)}
		}
		if err := sleep(ctx, jitter(c.traits.starting.pause(time.Since(started), 0))); err != nil {
			return s, fmt.Errorf("wait for session: %w", err)
		}
		now, err := c.Session(ctx, s.ID)
		switch {
		case err == nil:
			s, seen = now, true
		case !notFound(err):
			return s, err
		case seen || time.Since(started) > sessionGrace:
			return s, &SessionStartError{State: stateGone, Elapsed: time.Since(started), Log: s.Log}
		}
	}
}

// stateGone stands for a session that the server does not know any more.
const stateGone SessionState = "gone"

// sessionLost turns an answer that tells the end of the session into a
// *SessionLostError, and leaves any other error alone.
func (c *Client) sessionLost(ctx context.Context, id SessionID, err error) error {
	var api *APIError
	var uncertain *UncertainError
	if !errors.As(err, &api) || errors.As(err, &uncertain) {
		return err
	}
	if !c.traits.tellsEnd {
		switch api.StatusCode {
		case http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusGone, http.StatusInternalServerError:
			if lost := c.ended(ctx, id); lost != nil {
				return lost
			}
		}
		return err
	}
	state := stateGone
	if _, after, found := strings.Cut(api.Message, sessionIsInState); found {
		state = SessionState(strings.ToLower(after))
		if !state.Terminal() {
			return err // still starting: nothing is lost
		}
	} else if strings.Contains(api.Message, "Session isn't active") {
		state = SessionDead
	} else if api.StatusCode != http.StatusNotFound || strings.Contains(strings.ToLower(api.Message), "statement") {
		return err
	}
	return &SessionLostError{State: state, Log: c.lastLines(ctx, Session{ID: id})}
}

// ended asks for a session and returns a *SessionLostError where it has ended,
// nil where it has not or where that cannot be known.
func (c *Client) ended(ctx context.Context, id SessionID) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	s, err := c.Session(ctx, id)
	switch {
	case notFound(err):
		return &SessionLostError{State: stateGone}
	case err == nil && s.State.Terminal():
		return &SessionLostError{State: s.State, Log: c.lastLines(ctx, s)}
	}
	return nil
}
