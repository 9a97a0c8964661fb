// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"slices"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
)

// secretKey matches the names of settings whose values are not to be seen,
// such as spark.hadoop.fs.azure.account.key.
var secretKey = lazyregexp.New(`(?i)key|secret|token|password|credential|\bsas\b`)

// IsSecretSetting reports whether the value of a setting with that name is not
// to be seen.
func IsSecretSetting(name string) bool { return secretKey.MatchString(name) }

// minSecret is the length in bytes from which a value is worth hiding: "true"
// under such a name is none, and hiding it would garble other words.
const minSecret = 6

// secrets returns the values of b that an error must not repeat.
func (b CreateSessionRequest) secrets() []string {
	var found []string
	for name, value := range b.Conf {
		if len(value) >= minSecret && IsSecretSetting(name) {
			found = append(found, value)
		}
	}
	// A longer one first: a shorter one within it would leave its rest.
	slices.SortFunc(found, func(a, b string) int { return len(b) - len(a) })
	return found
}

// without returns text with dots for each of secrets.
func without(text string, secrets []string) string {
	for _, secret := range secrets {
		text = strings.ReplaceAll(text, secret, "…")
	}
	return text
}
