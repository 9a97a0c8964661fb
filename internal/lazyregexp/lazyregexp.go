// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package lazyregexp has regular expressions that are compiled at their first
// use. A front-end waits for each start of a kernel, and compiling those of
// all packages took a quarter of it.
package lazyregexp

import (
	"regexp"
	"sync"
)

// Regexp is an expression of a package's own text: what does not compile
// panics, at its first use.
type Regexp struct{ compiled func() *regexp.Regexp }

// New returns the expression of pattern.
func New(pattern string) Regexp {
	return Regexp{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })}
}

// Get returns the compiled expression.
func (r Regexp) Get() *regexp.Regexp { return r.compiled() }

// MatchString is [regexp.Regexp.MatchString].
func (r Regexp) MatchString(s string) bool { return r.Get().MatchString(s) }
