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

// keepAlive lets the server hear of the kernel until ctx ends. While a cell
// runs, and for the profile's time after it, that counts as activity: reading
// a session does not, to a server's idle clock. Later it only tells that the
// kernel lives, so that a forgotten notebook's session ends by that clock.
func (b *Bridge) keepAlive(ctx context.Context, s *session) {
	ticker := time.NewTicker(beatInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		var err error
		if b.inUse(s) {
			err = s.client.KeepAlive(ctx, s.address)
		} else {
			_, err = s.client.Session(ctx, s.address)
		}
		if err != nil && ctx.Err() == nil {
			b.log.Warn("keep-alive", "session", s.livy.ID, "err", err)
		}
		s.entry.update(func(r *sessions.Record) { r.Seen = time.Now().UTC() })
	}
}

// inUse reports whether a statement runs, or the last one ended a short time
// ago.
func (b *Bridge) inUse(s *session) bool {
	b.mu.Lock()
	running := b.running
	b.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	return running > 0 || time.Since(s.used) < b.profile.Kernel.KeepAliveTime()
}

// touch notes that a statement has ended.
func (s *session) touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used = time.Now()
}
