// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package budget shares the number of requests that a server allows to one
// identity between all programs of a user on one machine: a token bucket in a
// small file.
package budget

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Shares of a minute's requests: 75 % come evenly, 15 % at once, and 10 % are
// for what is urgent when the others are used up. Whatever happens, a minute
// has no more than allowed.
const (
	steadyShare = 0.75
	burstShare  = 0.15
	urgentShare = 0.1
)

// lockTimeout is how long a program waits for another one that reads and
// writes a hundred bytes.
const lockTimeout = time.Second

// Bucket is the budget of one identity. It is safe for concurrent use.
type Bucket struct {
	path   string // of the file, without its ending
	limits limits
	log    *slog.Logger
	warn   sync.Once

	mu    sync.Mutex
	alone state // in place of the file, where that cannot be used
}

// Open returns the budget of an identity of perMinute requests, shared by way
// of the folder dir, which is made if need be. Of the identity only a hash is
// written. Where the folder cannot be used, the budget is this process's own,
// and log is told once.
func Open(dir, identity string, perMinute int, log *slog.Logger) *Bucket {
	sum := sha256.Sum256([]byte(identity))
	perSecond := float64(perMinute) / 60
	b := &Bucket{
		path: filepath.Join(dir, "calls-"+hex.EncodeToString(sum[:12])),
		limits: limits{
			rate: perSecond * steadyShare, burst: float64(perMinute) * burstShare, reserve: float64(perMinute) * urgentShare,
		},
		log: log,
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		b.cannot(err)
	}
	return b
}

// Take takes one request out of the budget and returns how long to wait before
// that is sent. One that is urgent may use a reserve. Where too many wait none
// is taken, and after the wait is the time to ask again.
func (b *Bucket) Take(urgent bool) (wait time.Duration, taken bool) {
	b.update(func(s *state) { wait, taken = s.take(time.Now(), b.limits, urgent) })
	return wait, taken
}

// Block has every request wait until then.
func (b *Bucket) Block(until time.Time) {
	b.update(func(s *state) { s.block(time.Now(), until) })
}

// update changes the state under the lock of all programs.
func (b *Bucket) update(change func(*state)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.updateFile(change); err != nil {
		b.cannot(err)
		change(&b.alone)
	}
}

func (b *Bucket) updateFile(change func(*state)) error {
	ctx, cancel := context.WithTimeout(context.Background(), lockTimeout)
	defer cancel()
	lock := flock.New(b.path+".lock", flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	defer func() { _ = lock.Unlock() }() // the end of the process does it too
	s := readState(b.path + ".json")
	change(&s)
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return os.WriteFile(b.path+".json", text, 0o600)
}

// readState reads a state. One that is missing or makes no sense is a full
// bucket.
func readState(path string) state {
	text, err := os.ReadFile(path)
	if err != nil {
		return state{}
	}
	return decodeState(text)
}

func (b *Bucket) cannot(err error) {
	b.warn.Do(func() { b.log.Warn("the call budget is not shared with other programs", "err", err) })
}
