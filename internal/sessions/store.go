// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package sessions

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/uuid"
)

// Store is the folder with the records.
type Store struct {
	dir string
	log *slog.Logger
}

// NewStore returns the store in the folder dir, which is made when the first
// record is. Files in it that are no records are told to log and left alone.
func NewStore(dir string, log *slog.Logger) *Store { return &Store{dir: dir, log: log} }

// Listed is one record of a store.
type Listed struct {
	Record
	Key  string // names it in the store
	Held bool   // a process looks after its session
}

const suffix = ".json"

// takeTime bounds the wait for a record's lock.
const takeTime = 200 * time.Millisecond

// Add makes a record. It is this process's until it is released or removed.
func (s *Store) Add(r Record) (*Entry, error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, fmt.Errorf("record the session: %w", err)
	}
	e := s.entry(uuid.NewString(), r)
	if err := errors.Join(e.hold(), write(e.path(suffix), r)); err != nil {
		return nil, errors.Join(fmt.Errorf("record the session: %w", err), e.lock.Close())
	}
	return e, nil
}

// List returns all records, the oldest first.
func (s *Store) List() ([]Listed, error) {
	files, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the records of sessions: %w", err)
	}
	var found []Listed
	for _, f := range files {
		key, ok := strings.CutSuffix(f.Name(), suffix)
		if !ok {
			continue
		}
		e := s.entry(key, Record{})
		r, err := read(e.path(suffix))
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed meanwhile
		}
		if err != nil {
			s.log.Warn("left alone", "file", e.path(suffix), "err", err)
			continue
		}
		found = append(found, Listed{Record: r, Key: key, Held: e.held()})
	}
	slices.SortStableFunc(found, func(a, b Listed) int { return a.Created.Compare(b.Created) })
	return found, nil
}

var (
	// ErrHeld tells that another process looks after the session.
	ErrHeld = errors.New("another kernel has this session")
	// ErrGone tells that the record is not there any more.
	ErrGone = errors.New("the session has been given up")
)

// Take makes a record whose process has gone this process's own.
func (s *Store) Take(ctx context.Context, key string) (*Entry, error) {
	e := s.entry(key, Record{})
	// One who only lists the records holds each for a moment.
	ctx, cancel := context.WithTimeout(ctx, takeTime)
	defer cancel()
	if _, err := e.lock.TryLockContext(ctx, takeTime/10); err != nil {
		return nil, ErrHeld
	}
	r, err := read(e.path(suffix))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = ErrGone
		}
		return nil, errors.Join(err, e.lock.Close())
	}
	e.record = r
	return e, nil
}

// Supersede tells the process that has the record that its notebook has a
// newer kernel: the session is not to be kept.
func (s *Store) Supersede(key string) error {
	f, err := os.OpenFile(s.entry(key, Record{}).path(superseded), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// LockShare keeps other kernels from joining or leaving the session shared as
// name until unlock is called.
func (s *Store) LockShare(ctx context.Context, name string) (unlock func(), err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, err
	}
	lock := flock.New(s.sibling("share-"+name, ".lock"), flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, takeTime/10); err != nil {
		return nil, fmt.Errorf("wait for another kernel: %w", err)
	}
	return func() {
		if err := lock.Close(); err != nil {
			s.log.Warn("unlock a shared session", "name", name, "err", err)
		}
	}, nil
}

func (s *Store) entry(key string, r Record) *Entry {
	e := &Entry{store: s, key: key, record: r}
	e.lock = flock.New(e.path(".lock"), flock.SetPermissions(0o600))
	return e
}

// sibling is the path of one of a record's files.
func (s *Store) sibling(key, ending string) string { return filepath.Join(s.dir, key+ending) }
