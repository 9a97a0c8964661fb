// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"context"
	"log/slog"
	"net/http"
)

// Server answers the Livy REST API. It is an http.Handler; the paths start
// at /sessions.
type Server struct {
	engine Engine
	log    *slog.Logger
}

// Option changes a Server.
type Option func(*Server)

// WithLogger makes the server log to log; the default is to log nothing.
func WithLogger(log *slog.Logger) Option { return func(s *Server) { s.log = log } }

// New returns a server whose sessions run on drivers of engine.
func New(engine Engine, opts ...Option) *Server {
	s := &Server{engine: engine, log: slog.New(slog.DiscardHandler)}
	for _, o := range opts {
		o(s)
	}
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	writeEmpty(w, http.StatusNotFound)
}

// Close ends every session with its driver and waits for them until ctx ends.
// Requests that come later are refused with 503.
func (s *Server) Close(_ context.Context) error { return nil }
