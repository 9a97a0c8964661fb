// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// WithQuota makes the server refuse, with 429 and a Retry-After, what comes
// after perMinute requests within any minute. All clients count as one
// identity. A request that is refused does not count.
func WithQuota(perMinute int) Option {
	return func(s *Server) { s.quota = &quota{perMinute: perMinute} }
}

// quota remembers when the requests of the last minute came.
type quota struct {
	perMinute int

	mu    sync.Mutex
	taken []time.Time
}

// take counts a request, or returns how long there is no room for one.
func (q *quota) take(now time.Time) (wait time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.taken) > 0 && now.Sub(q.taken[0]) >= time.Minute {
		q.taken = q.taken[1:]
	}
	if len(q.taken) >= q.perMinute {
		return time.Minute - now.Sub(q.taken[0])
	}
	q.taken = append(q.taken, now)
	return 0
}

// limited refuses requests above the quota, where there is one.
func (s *Server) limited(next http.Handler) http.Handler {
	if s.quota == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wait := s.quota.take(time.Now())
		if wait == 0 {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		if s.fabric == nil {
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		until := time.Now().Add(wait).UTC().Format("1/2/2006 3:04:05 PM")
		ThrottledUntil(until)(w, r, nil)
	})
}
