// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"encoding/base64"
	"errors"
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
	return longestFirst(found)
}

// credentials returns what of a header Authorization an error must not repeat:
// some servers answer with the request. The password of Basic is one too.
func credentials(authorization string) []string {
	_, value, _ := strings.Cut(authorization, " ")
	found := []string{value}
	if decoded, err := base64.StdEncoding.DecodeString(value); err == nil {
		_, password, _ := strings.Cut(string(decoded), ":")
		found = append(found, password)
	}
	return longestFirst(slices.DeleteFunc(found, func(s string) bool { return len(s) < minSecret }))
}

// longestFirst sorts secrets: a shorter one within a longer would leave its rest.
func longestFirst(secrets []string) []string {
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	return secrets
}

// without returns text with dots for each of secrets.
func without(text string, secrets []string) string {
	for _, secret := range secrets {
		text = strings.ReplaceAll(text, secret, "…")
	}
	return text
}

// withoutIn returns err, or its text alone where that repeats one of secrets, as
// what it wraps would do: net/http quotes what came in place of an answer.
func withoutIn(err error, secrets []string) error {
	if text := err.Error(); without(text, secrets) != text {
		return errors.New(without(text, secrets))
	}
	return err
}
