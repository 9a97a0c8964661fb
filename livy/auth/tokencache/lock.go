// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package tokencache

import (
	"context"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lockPoll is how often a lock that another process holds is asked for.
const lockPoll = 20 * time.Millisecond

// holderKey is the key of a holder in a context.
type holderKey struct{}

// holder is one use of the cache.
type holder struct {
	cache *Cache
	held  bool
	lock  *flock.Flock // nil where there is none to hold
}

// Begin returns the context for one call of MSAL, and what ends it. The cache
// is locked from the first time that the call loads it. A sign-in that waits
// for a person loads it only when the person is done, so nobody waits for one.
func (c *Cache) Begin(ctx context.Context) (context.Context, func()) {
	h := &holder{cache: c}
	return context.WithValue(ctx, holderKey{}, h), h.end
}

func (h *holder) end() {
	if h.lock != nil {
		_ = h.lock.Close() // unlocks too; it stays locked only until the process ends
	}
	if h.held {
		<-h.cache.busy
	}
	h.lock, h.held = nil, false
}

// hold locks the cache for the call that Begin began, once.
func (c *Cache) hold(ctx context.Context, store *file) error {
	h, ok := ctx.Value(holderKey{}).(*holder)
	if !ok || h.held {
		return nil
	}
	select {
	case c.busy <- struct{}{}:
		h.held = true
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if store == nil {
		return nil
	}
	waiting, cancel := context.WithTimeout(ctx, c.o.LockWait)
	defer cancel()
	lock := flock.New(filepath.Join(c.o.Dir, c.o.Name+".lock"), flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(waiting, lockPoll); err != nil {
		_ = lock.Close() // it was not locked
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		c.o.Logger.Warn("token cache: used without its lock, which another process holds", "error", err)
		return nil
	}
	h.lock = lock
	return nil
}
