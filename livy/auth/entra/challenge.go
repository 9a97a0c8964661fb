// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
)

// maxChallenge bounds a claims challenge.
const maxChallenge = 16 << 10

// parameterPattern matches one parameter of a challenge (RFC 9110, 11.2): a
// quoted string or a token.
var parameterPattern = lazyregexp.New(`([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))`)

// challenge returns the claims that the header of an answer 401 asks for, as
// JSON; empty where it asks for none, or for what makes no sense.
func challenge(header http.Header) string {
	for _, value := range header.Values("WWW-Authenticate") {
		scheme, parameters, _ := strings.Cut(strings.TrimSpace(value), " ")
		if !strings.EqualFold(scheme, "Bearer") || len(parameters) > maxChallenge {
			continue
		}
		for _, found := range parameterPattern.Get().FindAllStringSubmatch(parameters, -1) {
			if strings.EqualFold(found[1], "claims") {
				return decodeClaims(found[2] + found[3])
			}
		}
	}
	return ""
}

// decodeClaims decodes claims, which are sent in base64 of either alphabet,
// with padding or without.
func decodeClaims(text string) string {
	text = strings.NewReplacer("-", "+", "_", "/", "=", "").Replace(text)
	decoded, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return ""
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(decoded, &object) != nil || len(object) == 0 {
		return ""
	}
	return string(decoded)
}
