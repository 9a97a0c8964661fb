// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"encoding/json"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
)

// TestProgressBars shows of text that arrives whole what a terminal would.
func TestProgressBars(t *testing.T) {
	for text, want := range map[string]string{
		"plain\n":              "plain\n",
		"windows\r\nlines\r\n": "windows\nlines\n",
		"\r  0%|   | 0/2\r 50%|█  | 1/2\r100%|███| 2/2\n": "100%|███| 2/2\n",
		"long text\rshort":                   "shorttext\n",
		"abc\b\bX":                           "aXc\n",
		"\b\b":                               "",
		"\x1b[32m1\x1b[0m\r\x1b[32m2\x1b[0m": "\x1b[32m2\x1b[0m\n",
		"kept\r":                             "kept\n",
		"a\rb\nc\rd":                         "b\nd\n",
	} {
		raw, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := Output(livy.Output{Status: "ok", Data: map[string]json.RawMessage{mimeText: raw}}).Stdout; got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
