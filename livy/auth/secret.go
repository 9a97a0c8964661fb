// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"fmt"
	"log/slog"
)

// Secret is a password, token or key. Only Reveal gives it away; every way of
// formatting, logging or encoding it writes REDACTED.
//
// The value hides behind a pointer: for the verb %p package fmt asks no
// Formatter and prints the fields of a struct.
type Secret struct{ value *string }

const redacted = "REDACTED"

// NewSecret wraps value.
func NewSecret(value string) Secret { return Secret{&value} }

// Reveal returns the secret, to be sent and not to be kept.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Empty reports whether there is no secret.
func (s Secret) Empty() bool { return s.Reveal() == "" }

// Format writes REDACTED for every verb.
func (Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, redacted) }

func (Secret) String() string   { return redacted }
func (Secret) GoString() string { return redacted }

// MarshalText keeps the secret out of JSON and TOML, keys of maps included.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue keeps the secret out of logs.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
