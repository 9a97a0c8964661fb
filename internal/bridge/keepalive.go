// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/sessions"
)

// beatInterval is how often the server hears of the kernel, well inside the
// shortest idle time-out of any server, which is 20 minutes.
const beatInterval = 5 * time.Minute

// beats returns how often the server hears of the kernel: more often where a
// heartbeat time-out was set that is shorter than usual.
func (s *session) beats() time.Duration {
	if s.heartbeat > 0 {
		return min(beatInterval, s.heartbeat/3)
	}
	return beatInterval
}

// keepAlive lets the server hear of the kernel until ctx ends. While a cell
// runs, and for the profile's time after it, that counts as activity: reading
// a session does not, to a server's idle clock. Later it only tells that the
// kernel lives, so that a forgotten notebook's session ends by that clock.
// Cells that began within the interval are activity themselves; and a server that ends no
// session for want of a heartbeat is spared them.
func (b *Bridge) keepAlive(ctx context.Context, s *session) {
	every := s.beats()
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		var err error
		running, idle := b.use(s)
		switch {
		case idle < every:
		case running || idle < b.profile.Kernel.KeepAliveTime():
			err = s.client.KeepAlive(ctx, s.address)
		case s.client.Dialect().HasHeartbeat():
			_, err = s.client.Session(ctx, s.address)
		}
		if err != nil && ctx.Err() == nil {
			b.log.Warn("keep-alive", "session", s.livy.ID, "err", err)
		}
		s.entry.update(func(r *sessions.Record) { r.Seen = time.Now().UTC() })
	}
}

// use reports whether a statement runs, and how long ago the last one began or
// ended.
func (b *Bridge) use(s *session) (running bool, idle time.Duration) {
	b.mu.Lock()
	running = b.running > 0
	b.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	return running, time.Since(s.used)
}

// touch notes that the server has taken a statement, or that one has ended.
func (s *session) touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used = time.Now()
}
