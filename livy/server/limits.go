// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// Limits are what administrators of an Apache Livy set; the zero value sets
// none, and then ttl, idleTimeout and heartbeatTimeoutInSecond are
// shown again and not enforced.
type Limits struct {
	// CSRF refuses requests that may change something and carry no
	// X-Requested-By header (livy.server.csrf-protection.enabled).
	CSRF bool
	// MaxCreation is how many sessions may start at a time
	// (livy.server.session.max-creation); 0 for any number.
	MaxCreation int
	// Watch is how often sessions are looked at that nobody has asked for
	// within their heartbeatTimeoutInSecond, that are older than their ttl, or
	// that nobody has used within their idleTimeout, be they busy or not
	// (livy.server.heartbeat-watchdog.interval); 0 for never.
	Watch time.Duration
}

// WithLimits sets limits; the default is none.
func WithLimits(l Limits) Option { return func(s *Server) { s.limits = l } }

// errTooMany refuses a session because as many start as may.
var errTooMany = errors.New("too many sessions are being created")

// room returns errTooMany where no more sessions may start. The caller holds
// the lock of s.
func (s *Server) room() error {
	starting := 0
	for _, sess := range s.sessions {
		if sess.stateNow() == livy.SessionStarting {
			starting++
		}
	}
	if s.limits.MaxCreation > 0 && starting >= s.limits.MaxCreation {
		return errTooMany
	}
	return nil
}

// unmarked reports whether r may change something and does not carry the
// header that no page of another origin can add.
func unmarked(r *http.Request) bool {
	return r.Method != http.MethodGet && r.Method != http.MethodHead && r.Header.Get("X-Requested-By") == ""
}

// refuseUnmarked answers as Apache Livy's filter does: with a page, and to
// DELETE without a body.
func refuseUnmarked(w http.ResponseWriter, r *http.Request) {
	const reason = "Missing Required Header for CSRF protection."
	if r.Method == http.MethodDelete {
		writeEmpty(w, http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/html;charset=iso-8859-1")
	w.WriteHeader(http.StatusBadRequest)
	_, _ = io.WriteString(w, fmt.Sprintf("<html>\n<head><title>Error 400 %s</title></head>\n<body><h2>HTTP ERROR 400 %s</h2><p>%s</p></body>\n</html>\n",
		reason, reason, html.EscapeString(r.URL.Path))) // The client is gone, or was answered.
}

// watch ends sess when its time is over, and forgets it when nothing of its
// driver is left.
func (s *Server) watch(ctx context.Context, sess *session) {
	if s.limits.Watch <= 0 {
		return
	}
	look := time.NewTicker(s.limits.Watch)
	defer look.Stop()
	for {
		select {
		case <-look.C:
		case <-ctx.Done():
			return
		}
		if sess.overdue() {
			s.log.Info("session is overdue", "session", sess.id)
			sess.shutDown()
			s.running.Go(func() {
				<-sess.done
				s.remove(sess)
			})
			return
		}
	}
}

// touch notes that a client has asked for the session.
func (s *session) touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = time.Now()
}

// use notes activity: a statement or a connect, and no GET.
func (s *session) use() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used = time.Now()
}

// overdue reports whether nobody has asked for the session in time, or used
// it, or whether it has run for as long as it may.
func (s *session) overdue() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	silence := time.Duration(s.request.HeartbeatTimeoutInSecond) * time.Second
	life, idle := lifetime(s.request.TTL), lifetime(s.request.IdleTimeout)
	return silence > 0 && time.Since(s.asked) > silence ||
		life > 0 && s.state.Ready() && time.Since(s.began) > life ||
		idle > 0 && s.state.Ready() && time.Since(s.used) > idle
}

func (s *session) stateNow() livy.SessionState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// lifetime reads a ttl in Spark's notation, of which timeString is the form; a
// number alone is one of milliseconds.
func lifetime(ttl string) time.Duration {
	number := strings.TrimRight(ttl, "abcdefghijklmnopqrstuvwxyz")
	unit, ok := map[string]time.Duration{
		"": time.Millisecond, "us": time.Microsecond, "ms": time.Millisecond, "s": time.Second,
		"m": time.Minute, "min": time.Minute, "h": time.Hour, "d": 24 * time.Hour,
	}[ttl[len(number):]]
	var n int64
	if _, err := fmt.Sscan(number, &n); err != nil || !ok || n < 0 {
		return 0
	}
	return time.Duration(n) * unit
}
