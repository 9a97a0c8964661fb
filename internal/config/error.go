// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"strconv"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
)

// Error is something wrong in the configuration, in words for its user. It
// never holds the value of a credential.
type Error struct {
	File    string   // empty for the environment
	Key     string   // as in profiles.sales.auth, or a variable's name; may be empty
	Problem string   // what is wrong
	Allowed []string // what could stand there instead; may be empty
}

// Error says it in one line.
func (e *Error) Error() string {
	var b strings.Builder
	for _, part := range []string{e.File, e.Key} {
		if part != "" {
			b.WriteString(part + ": ")
		}
	}
	b.WriteString(e.Problem)
	if len(e.Allowed) > 0 {
		b.WriteString("; allowed: " + strings.Join(e.Allowed, ", "))
	}
	return b.String()
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// quote shows a value, cut and without control characters.
func quote(value string) string {
	if r := []rune(value); len(r) > 60 {
		value = string(r[:60]) + "…"
	}
	return strconv.Quote(value)
}

var bareKey = lazyregexp.New(`^[A-Za-z0-9_-]{1,64}$`)

// quoteKey shows one part of a key as TOML writes it.
func quoteKey(part string) string {
	if bareKey.MatchString(part) {
		return part
	}
	return quote(part)
}
