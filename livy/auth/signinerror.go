// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
)

// SignInError tells that a sign-in was refused. It quotes nothing of the
// refusal but its code and its correlation id.
type SignInError struct {
	// Code is the refusal's name: AADSTS and a number, or an error code of
	// OAuth 2.0 such as access_denied. It is empty where the sign-in service had
	// no part in it.
	Code string
	// Meaning says in words what the code stands for and what to do.
	Meaning string
	// Scopes are the permissions that are missing, where that is the reason.
	Scopes []string
	// CorrelationID is what the service's support asks for.
	CorrelationID string
}

func (e *SignInError) Error() string {
	var details []string
	if e.Code != "" {
		details = append(details, e.Code)
	}
	if e.CorrelationID != "" {
		details = append(details, "correlation id "+e.CorrelationID)
	}
	if len(details) == 0 {
		return "sign-in failed: " + e.Meaning
	}
	return "sign-in failed: " + e.Meaning + " (" + strings.Join(details, ", ") + ")"
}

// UnreachableError tells that a sign-in got no answer.
type UnreachableError struct {
	Host string
	// Phase is how far the request came: DNS, TCP, proxy, TLS, time-out or HTTP.
	Phase string
	Err   error
}

func (e *UnreachableError) Error() string {
	return "no answer from the sign-in service at " + e.Host + " (" + e.Phase + "): " + e.Err.Error()
}

func (e *UnreachableError) Unwrap() error { return e.Err }

// Temporary reports whether it may pass by itself. What a proxy refuses, and a
// handshake that was answered with a no, do not.
func (e *UnreachableError) Temporary() bool {
	var broken *net.OpError
	switch e.Phase {
	case "proxy":
		return false
	case "TLS":
		return errors.Is(e.Err, context.DeadlineExceeded) || errors.Is(e.Err, io.EOF) ||
			errors.As(e.Err, &broken) && (broken.Op == "read" || broken.Op == "write")
	}
	return true
}
