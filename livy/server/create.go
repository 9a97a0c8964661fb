// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/livy"
)

// timeString matches Spark's notation for durations, such as 10m or 90.
var timeString = lazyregexp.New(`^-?[0-9]+(us|ms|s|m|min|h|d)?$`)

// createSession serves POST /sessions. The query parameter doAs and the field
// proxyUser are accepted without effect, as on a server that does not
// impersonate. For ttl, idleTimeout and heartbeatTimeoutInSecond see Limits.
func (s *Server) createSession(w http.ResponseWriter, r *http.Request) {
	var body createBody
	if !readBody(w, r, createFields, &body) {
		return
	}
	req := body.CreateSessionRequest
	if req.Kind == "" {
		req.Kind = livy.KindShared
	}
	kind, ok := kinds[req.Kind]
	if !ok {
		writeText(w, http.StatusBadRequest, "Invalid kind: "+string(req.Kind))
		return
	}
	req.Kind = kind
	req.ProxyUser = ""
	req.Conf = make(map[string]string, len(body.Conf))
	for k, v := range body.Conf {
		req.Conf[k] = string(v)
	}
	for _, t := range []string{req.TTL, req.IdleTimeout} {
		if t != "" && !timeString.MatchString(t) {
			reject(w, "Invalid time string: "+t)
			return
		}
	}
	if body.Name != nil {
		req.Name = *body.Name
		if _, err := strconv.ParseUint(req.Name, 10, 64); err == nil || req.Name == "" {
			reject(w, "Invalid session name: "+req.Name)
			return
		}
	}
	sess, err := s.start(context.WithoutCancel(r.Context()), req)
	switch {
	case errors.Is(err, errClosed):
		writeMsg(w, http.StatusServiceUnavailable, "The server is shutting down.")
		return
	case errors.Is(err, errTooMany):
		writeMsg(w, http.StatusBadRequest, "Rejected, too many sessions are being created!")
		return
	case err != nil:
		reject(w, err.Error())
		return
	}
	w.Header().Set("Location", fmt.Sprintf("/sessions/%d", sess.id))
	writeJSON(w, http.StatusCreated, sess.view())
}

func reject(w http.ResponseWriter, reason string) {
	writeMsg(w, http.StatusBadRequest, "Rejected, Reason: "+reason)
}

// start makes a session and lets its driver start beside the caller. ctx is
// that of the session's life.
func (s *Server) start(ctx context.Context, req livy.CreateSessionRequest) (*session, error) {
	ctx, stop := context.WithCancel(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		stop()
		return nil, errClosed
	}
	if err := s.room(); err != nil {
		stop()
		return nil, err
	}
	sess := &session{
		id: s.nextID, request: req, log: s.log, cancelTimeout: s.cancelTimeout,
		state: livy.SessionStarting, asked: time.Now(),
		stop: stop, done: make(chan struct{}), wake: make(chan struct{}, 1),
	}
	for _, other := range s.sessions {
		if req.Name != "" && other.request.Name == req.Name {
			stop()
			return nil, fmt.Errorf("Duplicate session name: Some(%s) for session %d", req.Name, sess.id) //nolint:staticcheck // The real server's words.
		}
	}
	s.nextID++
	s.sessions = append(s.sessions, sess)
	s.running.Go(func() { s.watch(ctx, sess) })
	s.running.Go(func() { sess.run(ctx, s.engine) })
	return sess, nil
}
