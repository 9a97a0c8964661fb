// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"log/slog"
	"sync"

	"github.com/livy-kernel/livy-kernel/internal/sessions"
)

// entry is the record of a session, if there is one: a full disk or a home
// that cannot be written is told to the log, once, and keeps no cell from
// running.
type entry struct {
	log *slog.Logger

	mu     sync.Mutex
	record *sessions.Entry
	warned bool
}

// add makes the record; store may be nil for none.
func (e *entry) add(store *sessions.Store, r sessions.Record) {
	if store == nil {
		return
	}
	record, err := store.Add(r)
	e.warn(err)
	if err == nil {
		e.hold(record)
	}
}

// hold takes a record over from the store.
func (e *entry) hold(record *sessions.Entry) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.record = record
}

func (e *entry) held() *sessions.Entry {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.record
}

func (e *entry) update(change func(*sessions.Record)) {
	if record := e.held(); record != nil {
		e.warn(record.Update(change))
	}
}

// release leaves the record for a later kernel.
func (e *entry) release() {
	if record := e.held(); record != nil {
		e.warn(record.Release())
	}
}

// remove takes the record away: the session is no more.
func (e *entry) remove() {
	if record := e.held(); record != nil {
		e.warn(record.Remove())
		e.hold(nil)
	}
}

// superseded reports whether the notebook has a newer kernel.
func (e *entry) superseded() bool {
	record := e.held()
	return record != nil && record.Superseded()
}

func (e *entry) warn(err error) {
	if err == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.warned {
		e.log.Warn("the session is not recorded; should this kernel be killed, nothing tells of it", "err", err)
	}
	e.warned = true
}
