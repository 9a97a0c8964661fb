// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package detached

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// After how long without a request the server ends. A kernel that lives asks
// for its session now and then, and a statement that runs counts as one.
const (
	EmptyTime = 5 * time.Minute // without sessions
	IdleTime  = 12 * time.Hour  // with sessions, which end with it
)

// lookInterval is how often the clock is looked at.
const lookInterval = time.Minute

// Idle watches for how long nobody has asked a server for anything.
type Idle struct {
	mu   sync.Mutex
	last time.Time
}

// Watch returns next with each of its requests noted.
func (i *Idle) Watch(next http.Handler) http.Handler {
	i.touch()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.touch()
		next.ServeHTTP(w, r)
	})
}

// Wait returns when the server has idled for long enough, or when ctx ends.
// load tells how many sessions there are and whether a statement runs.
func (i *Idle) Wait(ctx context.Context, load func() (sessions int, busy bool)) {
	look := time.NewTicker(lookInterval)
	defer look.Stop()
	for {
		select {
		case <-look.C:
		case <-ctx.Done():
			return
		}
		sessions, busy := load()
		if busy {
			i.touch()
		}
		allowed := IdleTime
		if sessions == 0 {
			allowed = EmptyTime
		}
		if i.idle() >= allowed {
			return
		}
	}
}

func (i *Idle) touch() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.last = time.Now()
}

func (i *Idle) idle() time.Duration {
	i.mu.Lock()
	defer i.mu.Unlock()
	return time.Since(i.last)
}
