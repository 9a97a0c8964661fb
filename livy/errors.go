// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

// APIError is an answer of the server that refuses a request.
type APIError struct {
	Op         string
	StatusCode int
	Message    string // what the server said, on one line, bounded; may be empty
	Code       string // Fabric's name for the error, such as InsufficientPrivileges
	RequestID  string // Fabric's, for its support

	again hint // when to ask again
}

func (e *APIError) Error() string {
	text := fmt.Sprintf("%s: the server answered %d", e.Op, e.StatusCode)
	if said := cmp.Or(e.Message, http.StatusText(e.StatusCode)); said != "" {
		text += ": " + said
	}
	switch {
	case e.Code != "" && e.RequestID != "":
		return fmt.Sprintf("%s (%s, request %s)", text, e.Code, e.RequestID)
	case e.Code != "":
		return fmt.Sprintf("%s (%s)", text, e.Code)
	}
	return text
}

// Phases of a request, for TransportError.
const (
	PhaseDNS     = "DNS"
	PhaseTCP     = "TCP"
	PhaseProxy   = "proxy"
	PhaseTLS     = "TLS"
	PhaseTimeout = "time-out" // connected, but the server stayed silent
	PhaseHTTP    = "HTTP"     // connected, but no whole answer came
)

// TransportError tells that no answer came.
type TransportError struct {
	Op    string
	Host  string
	Phase string
	Tries int
	Err   error
}

// Error quotes at most a line of the cause: net/http puts into it what a
// server sent in place of HTTP.
func (e *TransportError) Error() string {
	tries := ""
	if e.Tries > 1 {
		tries = fmt.Sprintf(", tried %d times", e.Tries)
	}
	return fmt.Sprintf("%s: no answer from %s (%s%s): %s", e.Op, e.Host, e.Phase, tries, clean(e.Err.Error()))
}

func (e *TransportError) Unwrap() error { return e.Err }

// UncertainError tells that a request which must not run twice may or may not
// have taken effect.
type UncertainError struct {
	Op  string
	Err error
	// Absent tells that the server was asked afterwards and did not show it,
	// so that it has most likely not been taken.
	Absent bool
}

func (e *UncertainError) Error() string { return "outcome unknown: " + e.Err.Error() }
func (e *UncertainError) Unwrap() error { return e.Err }

// SessionLostError tells that a session that once ran has ended.
type SessionLostError struct {
	State SessionState
	Log   []string // the last lines of its log, where the server still tells them
}

func (e *SessionLostError) Error() string { return fmt.Sprintf("session is %s", e.State) }

// SessionStartError tells that a session ended before it took statements.
type SessionStartError struct {
	State   SessionState
	Elapsed time.Duration
	Log     []string
}

func (e *SessionStartError) Error() string {
	return fmt.Sprintf("session did not start: %s after %s", e.State, e.Elapsed.Round(time.Second))
}

// errNoAnswer is the cause of a request that ran out of time.
var errNoAnswer = fmt.Errorf("no answer in time: %w", os.ErrDeadlineExceeded)

// phase names the phase that err comes from; reached is how far the request
// had come.
func phase(reached string, err error) string {
	var operation *net.OpError
	isOperation := errors.As(err, &operation)
	switch {
	case isOperation && operation.Op == "proxyconnect":
		return PhaseProxy
	case isOperation && operation.Op == "remote error": // a TLS alert, which may come late
		return PhaseTLS
	case reached == PhaseHTTP && timedOut(err):
		return PhaseTimeout
	}
	return reached
}

func timedOut(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.As(err, &timeout) && timeout.Timeout()
}

// wrap puts the operation before err; nil stays nil.
func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", op, err)
}
