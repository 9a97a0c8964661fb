// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"encoding/json"
	"strings"
	"testing"
)

func FuzzUnquote(f *testing.F) {
	for _, s := range []string{`""`, `"a\\nb\\t\\"c\\\\"`, `"é🦀"`, `"\\u00e9"`, `"a`, `7`, "\"\xff\""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) {
			return
		}
		var want string
		err := json.Unmarshal(raw, &want)
		if got, ok := unquote(raw); ok && (err != nil || got != want) {
			t.Errorf("%q: got %q, want %q", raw, got, want)
		}
	})
}

func BenchmarkTextOf(b *testing.B) {
	raw, err := json.Marshal(strings.Repeat(strings.Repeat("x", 99)+"\n", 10_000))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if _, ok := textOf(raw); !ok {
			b.Fatal("not a text")
		}
	}
}
