// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"time"
)

// CreateSession posts a session and returns it as the server first shows it,
// commonly starting. An unknown outcome is an *UncertainError: the session
// may exist.
func (c *Client) CreateSession(ctx context.Context, body CreateSessionRequest) (Session, error) {
	const op = "create session"
	if err := c.dialect.Check(body); err != nil {
		return Session{}, wrap(op, err)
	}
	a, err := c.postOnce(ctx, request{op: op, path: "/sessions", body: body, timeout: createTimeout, secrets: body.secrets()})
	if err != nil {
		return Session{}, err
	}
	var s Session
	if err := a.decode(&s); err != nil && !a.idFromLocation(&s.ID) {
		return Session{}, &UncertainError{Op: op, Err: wrap(op, err)}
	}
	if s.ID == "" && !a.idFromLocation(&s.ID) {
		return Session{}, &UncertainError{Op: op, Err: fmt.Errorf("%s: the answer names no session", op)}
	}
	return s, nil
}

// idFromLocation takes the id out of the Location header, whose host and
// path are not trusted beyond that.
func (a answer) idFromLocation(id *SessionID) bool {
	u, err := url.Parse(a.header.Get("Location"))
	if err != nil {
		return false
	}
	parent, last := path.Split(u.Path)
	if path.Base(parent) != "sessions" || !SessionID(last).Valid() {
		return false
	}
	*id = SessionID(last)
	return true
}

// Session reads a session. One that the server does not know is an *APIError
// with status 404.
func (c *Client) Session(ctx context.Context, id SessionID) (Session, error) {
	p, err := sessionPath(id)
	if err != nil {
		return Session{}, err
	}
	var s Session
	err = c.get(ctx, "get session", p, &s)
	return s, err
}

// Sessions lists the sessions that the server shows.
func (c *Client) Sessions(ctx context.Context) ([]Session, error) {
	var list struct {
		Sessions []Session `json:"sessions"`
		Items    []Session `json:"items"` // Fabric
	}
	err := c.get(ctx, "list sessions", "/sessions", &list)
	return append(list.Sessions, list.Items...), err
}

// WaitSession polls s until it takes statements and calls progress, which may
// be nil, at each poll. A session that ends instead is a *SessionStartError
// with the last lines of its log.
func (c *Client) WaitSession(ctx context.Context, s Session, progress func(Session)) (Session, error) {
	started := time.Now()
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
		if err := sleep(ctx, jitter(c.traits.starting.pause(time.Since(started)))); err != nil {
			return s, fmt.Errorf("wait for session: %w", err)
		}
		now, err := c.Session(ctx, s.ID)
		if notFound(err) {
			return s, &SessionStartError{State: stateGone, Elapsed: time.Since(started), Log: s.Log}
		}
		if err != nil {
			return s, err
		}
		s = now
	}
}

// stateGone stands for a session that the server does not know any more.
const stateGone SessionState = "gone"

// DeleteSession ends a session. One that is gone already counts as deleted.
func (c *Client) DeleteSession(ctx context.Context, id SessionID) error {
	p, err := sessionPath(id)
	if err != nil {
		return err
	}
	_, err = c.send(ctx, request{op: "delete session", method: http.MethodDelete, path: p, again: true}, new(attempt))
	if notFound(err) {
		return nil
	}
	return err
}

// LogTail as the from of Log asks for the last lines.
const LogTail = -1

// Log returns up to size lines of the session's log from line from. Servers
// keep the last 200 lines or so.
func (c *Client) Log(ctx context.Context, id SessionID, from, size int) ([]string, error) {
	p, err := sessionPath(id)
	if err != nil {
		return nil, err
	}
	var log struct {
		Log []string `json:"log"`
	}
	query := url.Values{"from": {strconv.Itoa(from)}, "size": {strconv.Itoa(size)}}
	err = c.get(ctx, "get log", p+"/log?"+query.Encode(), &log)
	return log.Log, err
}

// lastLines returns the end of a session's log as far as it can be had.
func (c *Client) lastLines(ctx context.Context, s Session) []string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if lines, err := c.Log(ctx, s.ID, LogTail, 10); err == nil && len(lines) > 0 {
		return lines
	}
	return s.Log
}

func sessionPath(id SessionID) (string, error) {
	if !id.Valid() {
		return "", fmt.Errorf("session id %.40q may not stand in a path", string(id))
	}
	return "/sessions/" + string(id), nil
}

func notFound(err error) bool {
	var api *APIError
	return errors.As(err, &api) && api.StatusCode == http.StatusNotFound
}
