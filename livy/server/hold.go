// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxHold is for how long the answer to a GET is held back at most.
const maxHold = 10 * time.Second

// WithHold lets a client that asks for a statement be answered when it has
// ended, by "Prefer: wait=SECONDS" (RFC 7240, section 4.3); that is so by
// default. Apache Livy knows nothing of it and answers at once.
func WithHold(hold bool) Option { return func(s *Server) { s.hold = hold } }

// preferredWait is the wait that a request prefers, 0 for none.
func preferredWait(r *http.Request) time.Duration {
	for _, line := range r.Header.Values("Prefer") {
		for preference := range strings.SplitSeq(line, ",") {
			name, value, _ := strings.Cut(preference, "=")
			if !strings.EqualFold(strings.TrimSpace(name), "wait") {
				continue
			}
			if seconds, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && seconds > 0 {
				return min(time.Duration(seconds)*time.Second, maxHold)
			}
		}
	}
	return 0
}

// holdAnswer waits until the statement has ended, for as long as r prefers,
// and tells in the header of the answer that it does so.
func (s *Server) holdAnswer(w http.ResponseWriter, r *http.Request, sess *session, id int64) {
	wait := preferredWait(r)
	if !s.hold || wait == 0 {
		return
	}
	sess.mu.Lock()
	st := sess.find(id)
	sess.mu.Unlock()
	if st == nil {
		return
	}
	w.Header().Set("Preference-Applied", "wait")
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-st.ended:
	case <-sess.done:
	case <-r.Context().Done():
	case <-timer.C:
	}
}
