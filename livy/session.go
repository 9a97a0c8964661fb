// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// SessionID identifies a session in a path. Apache Livy counts, Fabric uses
// GUIDs; both are opaque here. Its JSON form may be a number or a string.
type SessionID string

// Valid reports whether id may stand in a URL path: 1 to 64 letters, digits
// and hyphens of ASCII.
func (id SessionID) Valid() bool {
	return len(id) >= 1 && len(id) <= 64 && !strings.ContainsFunc(string(id), func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// UnmarshalJSON accepts a JSON string or number and refuses what may not
// stand in a path.
func (id *SessionID) UnmarshalJSON(b []byte) error {
	s, err := unmarshalID("session", b)
	*id = SessionID(s)
	return err
}

// unmarshalID reads an id, "" for null; what names it in errors.
func unmarshalID(what string, b []byte) (string, error) {
	if string(b) == "null" {
		return "", nil
	}
	var n json.Number
	var s string
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte{'"'}) {
		if err := json.Unmarshal(b, &s); err != nil {
			return "", err
		}
	} else if err := json.Unmarshal(b, &n); err != nil {
		return "", fmt.Errorf("%s id is neither a string nor a number: %w", what, err)
	} else {
		s = n.String()
	}
	if !SessionID(s).Valid() {
		return "", fmt.Errorf("%s id %.40q may not stand in a path", what, s)
	}
	return s, nil
}

// Kind is the language of a session or of a statement.
type Kind string

// Kinds of the Livy REST API. A session of kind shared takes statements of
// every kind.
const (
	KindShared  Kind = "shared"
	KindSpark   Kind = "spark"
	KindPySpark Kind = "pyspark"
	KindSparkR  Kind = "sparkr"
	KindSQL     Kind = "sql"
)

// SessionState is a session's state in lower case. Servers know states that
// this package does not; such a state is kept and not terminal.
type SessionState string

// Session states of the Livy REST API.
const (
	SessionNotStarted   SessionState = "not_started"
	SessionStarting     SessionState = "starting"
	SessionRecovering   SessionState = "recovering"
	SessionIdle         SessionState = "idle"
	SessionRunning      SessionState = "running"
	SessionBusy         SessionState = "busy"
	SessionShuttingDown SessionState = "shutting_down"
	SessionError        SessionState = "error"
	SessionDead         SessionState = "dead"
	SessionKilled       SessionState = "killed"
	SessionSuccess      SessionState = "success"
	SessionCancelled    SessionState = "cancelled" // Fabric's
)

// UnmarshalJSON folds the case: Fabric capitalises some states.
func (s *SessionState) UnmarshalJSON(b []byte) error {
	v, err := lowerCase(b)
	*s = SessionState(v)
	return err
}

func lowerCase(b []byte) (string, error) {
	var v string
	err := json.Unmarshal(b, &v)
	return strings.ToLower(v), err
}

// Terminal reports whether no statement will ever run again in this state.
func (s SessionState) Terminal() bool {
	switch s {
	case SessionShuttingDown, SessionError, SessionDead, SessionKilled, SessionSuccess, SessionCancelled:
		return true
	}
	return false
}

// Ready reports whether a session in this state takes statements at once.
func (s SessionState) Ready() bool {
	return s == SessionIdle || s == SessionBusy || s == SessionRunning
}
