// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"context"
	"net/http"
	"time"
)

// WithLatency puts a network of this round trip between the clients and the
// server: each request arrives half of it after it was sent, and each answer
// half of it after that. Connecting takes no longer than without.
func WithLatency(roundTrip time.Duration) Option {
	return func(s *Server) { s.latency = roundTrip }
}

// distant serves requests at the distance of the latency.
func (s *Server) distant(next http.Handler) http.Handler {
	if s.latency <= 0 {
		return next
	}
	way := s.latency / 2
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.travel(r.Context(), way) {
			reset(w)
			return
		}
		answer := serve(r, next)
		if !s.travel(r.Context(), way) {
			reset(w)
			return
		}
		send(w, answer, answer.Body.Len())
	})
}

// travel waits for one way, and reports whether both ends are still there.
func (s *Server) travel(ctx context.Context, way time.Duration) bool {
	timer := time.NewTimer(way)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.closing:
	}
	return false
}
