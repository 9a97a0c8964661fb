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

// Output is gathered before it is told: for a share of the time that the
// statement has run so far, so that one which prints all the time costs its
// client few requests, and the first lines come at once.
const (
	minGather   = 50 * time.Millisecond
	gatherShare = 16
)

// WithHold lets a client that asks for a statement be answered when it has
// ended, by "Prefer: wait=SECONDS" (RFC 7240, section 4.3), and when it has
// printed something, by "printed=OFFSET" beside it; that is so by default.
// Apache Livy knows nothing of it and answers at once.
func WithHold(hold bool) Option { return func(s *Server) { s.hold = hold } }

// preference returns the number that a request prefers for name, which is 0 or
// more.
func preference(r *http.Request, name string) (n int, ok bool) {
	for _, line := range r.Header.Values("Prefer") {
		for preferred := range strings.SplitSeq(line, ",") {
			given, value, _ := strings.Cut(preferred, "=")
			if !strings.EqualFold(strings.TrimSpace(given), name) {
				continue
			}
			if n, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && n >= 0 {
				return n, true
			}
		}
	}
	return 0, false
}

// preferredWait is the wait that a request prefers, 0 for none.
func preferredWait(r *http.Request) time.Duration {
	seconds, _ := preference(r, "wait")
	return time.Duration(min(seconds, int(maxHold/time.Second))) * time.Second
}

// holdAnswer waits until the statement has ended, for as long as r prefers,
// and tells in the header of the answer that it does so. Where from is an
// offset it waits no longer than until there is output beyond that.
func (s *Server) holdAnswer(w http.ResponseWriter, r *http.Request, sess *session, id int64, from int) {
	wait := preferredWait(r)
	if !s.hold || wait == 0 {
		return
	}
	sess.mu.Lock()
	st := sess.find(id)
	var ran time.Duration
	if st != nil && !st.started.IsZero() {
		ran = time.Since(st.started)
	}
	sess.mu.Unlock()
	if st == nil {
		return
	}
	w.Header().Add("Preference-Applied", "wait")
	timer, gathered := time.NewTimer(wait), make(chan struct{})
	defer timer.Stop()
	defer time.AfterFunc(max(minGather, ran/gatherShare), func() { close(gathered) }).Stop()
	comes := func(news <-chan struct{}) bool {
		select {
		case <-news:
			return true
		case <-st.ended:
		case <-sess.done:
		case <-r.Context().Done():
		case <-timer.C:
		}
		return false
	}
	_ = comes(sess.printedBeyond(st, from)) && comes(gathered)
}

// printedBeyond returns what is closed when st has printed more than from,
// and nil where nobody asks.
func (s *session) printedBeyond(st *statement, from int) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case from == unasked:
		return nil
	case st.printed.text.Len() > from:
		there := make(chan struct{})
		close(there)
		return there
	}
	return st.printed.more
}
