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
	if err := a.decode(&s); err != nil && !a.idFromLocation("sessions", &s.ID) {
		return Session{}, &UncertainError{Op: op, Err: wrap(op, err)}
	}
	if s.ID == "" && !a.idFromLocation("sessions", &s.ID) {
		return Session{}, &UncertainError{Op: op, Err: fmt.Errorf("%s: the answer names no session", op)}
	}
	return s, nil
}

// idFromLocation takes the id in a collection out of the Location header,
// whose host and path are not trusted beyond that.
func (a answer) idFromLocation(collection string, id *SessionID) bool {
	u, err := url.Parse(a.header.Get("Location"))
	if err != nil {
		return false
	}
	parent, last := path.Split(u.Path)
	if path.Base(parent) != collection || !SessionID(last).Valid() {
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
