// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package auth

// RequiredError tells that there is no credential for a profile, and that only
// its user can give one. Nothing was sent.
type RequiredError struct {
	Profile string
	Hint    string // what to do, unless Err says it
	Err     error  // such as ErrNoPassword
}

func (e *RequiredError) Error() string {
	text := "profile " + e.Profile + ": " + e.Err.Error()
	if e.Hint != "" {
		text += "; " + e.Hint
	}
	return text
}

func (e *RequiredError) Unwrap() error { return e.Err }
