// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"
)

// APIError is an answer of the server that refuses a request.
type APIError struct {
	Op         string
	StatusCode int
	Message    string // what the server said, on one line, bounded; may be empty
}

func (e *APIError) Error() string {
	said := e.Message
	if said == "" {
		said = http.StatusText(e.StatusCode)
	}
	return fmt.Sprintf("%s: the server answered %d: %s", e.Op, e.StatusCode, said)
}

// Phases of a request, for TransportError.
const (
	PhaseDNS     = "DNS"
	PhaseTCP     = "TCP"
	PhaseTLS     = "TLS"
	PhaseProxy   = "proxy"
	PhaseTimeout = "time-out"
	PhaseHTTP    = "HTTP" // connected, but no whole answer came
)

// TransportError tells that no answer came.
type TransportError struct {
	Op    string
	Host  string
	Phase string
	Tries int
	Err   error
}

func (e *TransportError) Error() string {
	tries := ""
	if e.Tries > 1 {
		tries = fmt.Sprintf(", tried %d times", e.Tries)
	}
	return fmt.Sprintf("%s: no answer from %s (%s%s): %v", e.Op, e.Host, e.Phase, tries, e.Err)
}

func (e *TransportError) Unwrap() error { return e.Err }

// UncertainError tells that a request which must not run twice may or may not
// have taken effect.
type UncertainError struct {
	Op  string
	Err error
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

// transportError names the phase that err comes from. The URL that net/http
// puts into its errors is left out.
func (c *Client) transportError(op string, err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return &TransportError{Op: op, Host: c.base.Host, Phase: phase(err), Tries: 1, Err: err}
}

func phase(err error) string {
	var (
		dns       *net.DNSError
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
		record    tls.RecordHeaderError
		operation *net.OpError
		timeout   interface{ Timeout() bool }
	)
	switch {
	case errors.As(err, &dns):
		return PhaseDNS
	case errors.As(err, &authority), errors.As(err, &hostname), errors.As(err, &invalid),
		errors.As(err, &verify), errors.As(err, &record):
		return PhaseTLS
	case errors.As(err, &operation) && operation.Op == "remote error": // a TLS alert
		return PhaseTLS
	case errors.As(err, &operation) && operation.Op == "proxyconnect", strings.Contains(err.Error(), "proxyconnect"):
		return PhaseProxy
	case errors.Is(err, syscall.ECONNREFUSED):
		return PhaseTCP
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return PhaseTimeout
	case errors.As(err, &operation) && operation.Op == "dial":
		return PhaseTCP
	}
	return PhaseHTTP
}

// wrap puts the operation before err; nil stays nil.
func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", op, err)
}
