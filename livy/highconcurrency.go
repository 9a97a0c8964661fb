// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

// A high-concurrency session of Fabric is one session, billed once, with up to
// five REPLs: interpreters with variables of their own, which run side by
// side. A program acquires a REPL of it, and the service says which session
// that is in.

// ReplID identifies a REPL within its session; opaque.
type ReplID string

// UnmarshalJSON refuses what may not stand in a path; null is empty.
func (id *ReplID) UnmarshalJSON(b []byte) error {
	s, err := unmarshalID("REPL", b)
	*id = ReplID(s)
	return err
}

// HighConcurrencyRequest is the body of POST /highConcurrencySessions. Those
// with one SessionTag get REPLs of one session, if that has room and was there
// before: acquires at the same time make several sessions. The caller has to
// make them one after the other, each waited for.
type HighConcurrencyRequest struct {
	CreateSessionRequest
	SessionTag string `json:"sessionTag,omitempty"`
}

// HighConcurrencySession is what such an acquire has come to.
type HighConcurrencySession struct {
	ID         SessionID            `json:"id"` // of the acquire, which is to be released
	State      HighConcurrencyState `json:"state"`
	SessionID  SessionID            `json:"sessionId"` // empty until State is idle
	ReplID     ReplID               `json:"replId"`    // likewise
	SessionTag string               `json:"sessionTag"`
}

// HighConcurrencyState is the state of an acquire in lower case; unknown ones
// are kept and not terminal.
type HighConcurrencyState string

// States of an acquire.
const (
	HighConcurrencyNotStarted HighConcurrencyState = "notstarted"
	HighConcurrencyAcquiring  HighConcurrencyState = "acquiringhighconcurrencysession"
	HighConcurrencyIdle       HighConcurrencyState = "idle"
	HighConcurrencyDead       HighConcurrencyState = "dead"
	HighConcurrencyKilled     HighConcurrencyState = "killed"
	HighConcurrencyFailed     HighConcurrencyState = "failed"
	HighConcurrencyDeleting   HighConcurrencyState = "deleting"
)

// UnmarshalJSON folds the case.
func (s *HighConcurrencyState) UnmarshalJSON(b []byte) error {
	v, err := lowerCase(b)
	*s = HighConcurrencyState(v)
	return err
}

// Terminal reports whether there is or will be no REPL.
func (s HighConcurrencyState) Terminal() bool {
	switch s {
	case HighConcurrencyDead, HighConcurrencyKilled, HighConcurrencyFailed, HighConcurrencyDeleting:
		return true
	}
	return false
}
