// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// Request is one request that came in, whatever became of it.
type Request struct {
	Time   time.Time // Of its arrival.
	Method string
	Path   string // With the query.
	Header http.Header
	Body   []byte
	Status int // Of the answer; 0 where there is none (yet).
}

// Requests returns every request so far, in the order of their arrival.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Request, len(s.requests))
	for i, r := range s.requests {
		all[i] = *r
	}
	return all
}

// Forget forgets every request so far, for tests that make very many.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// Count returns how many requests matched pattern, as [Server.Inject] takes
// it, so far.
func (s *Server) Count(pattern string) int {
	n := 0
	for _, r := range s.Requests() {
		path, _, _ := strings.Cut(s.relative(r.Path), "?")
		if matches(pattern, r.Method, path) {
			n++
		}
	}
	return n
}

// submissions are the requests that submit a statement.
var submissions = []string{"POST /sessions/*/statements", "POST /highConcurrencySessions/*/repls/*/statements"}

// Submissions returns how often a statement with this code was POSTed, those
// that met a fault included. Compare it with [Engine.Runs].
func (s *Server) Submissions(code string) int {
	n := 0
	for _, r := range s.Requests() {
		var body livy.StatementRequest
		if r.Method == http.MethodPost && json.Unmarshal(r.Body, &body) == nil && body.Code == code &&
			slices.ContainsFunc(submissions, func(pattern string) bool { return matches(pattern, r.Method, s.relative(r.Path)) }) {
			n++
		}
	}
	return n
}

// recorded notes every request and its answer's status.
func (s *Server) recorded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // The client went in the middle of its request.
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		entry := &Request{Time: time.Now(), Method: r.Method, Path: r.URL.RequestURI(), Header: r.Header.Clone(), Body: body}
		s.mu.Lock()
		s.requests = append(s.requests, entry)
		s.mu.Unlock()
		next.ServeHTTP(&statusWriter{ResponseWriter: w, note: func(status int) {
			s.mu.Lock()
			defer s.mu.Unlock()
			entry.Status = status
		}}, r)
	})
}

// statusWriter notes the status of an answer when it is sent.
type statusWriter struct {
	http.ResponseWriter
	note  func(int)
	noted bool
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	w.noted = true
	w.note(status)
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *statusWriter) Write(b []byte) (int, error) {
	if !w.noted {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
