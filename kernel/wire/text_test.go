// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"bytes"
	"encoding/json"
	"regexp"
	"testing"
	"unicode/utf8"
)

// FuzzText: what a backend hands over ready encoded is sent as JSON that every
// client can read, whatever was in its strings.
func FuzzText(f *testing.F) {
	for _, seed := range []string{`"a"`, `"\ud83d\ude00"`, `"\ud83d"`, `"\\ud83d"`, `"\uDE00\uD83D\ude00x"`, "\"\xff\"", `{"\ud800":"\\\ud800"}`, `"<b>&"`} {
		f.Add([]byte(seed))
	}
	// An even number of backslashes before it, so that it is an escape.
	lone := regexp.MustCompile(`(?:[^\\]|^)(?:\\\\)*\\u[dD][89abAB][0-9a-fA-F]{2}(?:[^\\]|\\[^u]|$)`)
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := encode(MIMEBundle{"a/b": data})
		if err != nil {
			if json.Valid(data) {
				t.Fatalf("cannot encode %q: %v", data, err)
			}
			return
		}
		if !utf8.Valid(out) || !json.Valid(out) {
			t.Fatalf("%q became %q", data, out)
		}
		if lone.Match(out) {
			t.Errorf("%q became %q, with half of a pair", data, out)
		}
		if again := cleanText(bytes.Clone(out)); !bytes.Equal(again, out) {
			t.Errorf("cleaning %q again gives %q", out, again)
		}
	})
}
