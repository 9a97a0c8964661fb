// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package sessions

import (
	"errors"
	"io/fs"
	"os"
	"sync"

	"github.com/gofrs/flock"
)

// superseded ends the name of the mark that Store.Supersede makes.
const superseded = ".superseded"

// Entry is a record that this process has. It is safe for concurrent use.
type Entry struct {
	store *Store
	key   string
	lock  *flock.Flock

	mu     sync.Mutex
	record Record
	over   bool
}

// Record returns the record as it is now.
func (e *Entry) Record() Record {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.record
}

// Key names the record in its store.
func (e *Entry) Key() string { return e.key }

// Update changes the record and writes it.
func (e *Entry) Update(change func(*Record)) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.over {
		return nil
	}
	before := e.record
	change(&e.record)
	if e.record == before {
		return nil
	}
	return write(e.path(suffix), e.record)
}

// Superseded reports whether the notebook has a newer kernel.
func (e *Entry) Superseded() bool {
	_, err := os.Lstat(e.path(superseded))
	return err == nil
}

// Release leaves the record for another process to take.
func (e *Entry) Release() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.over = true
	return e.lock.Close()
}

// Remove takes the record away: its session is no more.
func (e *Entry) Remove() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.over = true
	var errs []error
	for _, ending := range []string{suffix, superseded} {
		if err := os.Remove(e.path(ending)); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	// The lock goes last and is closed first, since Windows removes no file
	// that is open. A key is used once, so nobody can want it again.
	errs = append(errs, e.lock.Close())
	if err := os.Remove(e.path(".lock")); !errors.Is(err, fs.ErrNotExist) {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// hold takes the lock, or returns ErrHeld.
func (e *Entry) hold() error {
	got, err := e.lock.TryLock()
	if err == nil && !got {
		err = ErrHeld
	}
	return err
}

// held reports whether a process has the record.
func (e *Entry) held() bool {
	err := e.hold()
	if err == nil {
		err = e.lock.Close()
	}
	return err != nil
}

func (e *Entry) path(ending string) string { return e.store.sibling(e.key, ending) }
