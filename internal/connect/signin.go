// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"errors"

	"github.com/livy-kernel/livy-kernel/internal/config"
)

// SignInError tells that a profile needs a credential that is not there.
type SignInError struct {
	Profile string
	Err     error  // such as auth.ErrNoPassword
	Hint    string // what to do
}

func (e *SignInError) Error() string {
	return "profile " + e.Profile + ": " + e.Err.Error() + "; " + e.Hint
}

func (e *SignInError) Unwrap() error { return e.Err }

var errNoToken = errors.New("there is no token")

// Account is the name that the password of a profile is kept under. It holds
// the origin of the endpoint, so that a password never goes to another one
// when the profile changes.
func Account(p config.Profile) string {
	return p.Name + " " + p.Username + "@" + p.Origin()
}
