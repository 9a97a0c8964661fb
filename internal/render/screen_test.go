// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"slices"
	"strings"
	"testing"
)

// TestScreen sends text that comes piece by piece so that a terminal shows in
// the end what it shows of the whole.
func TestScreen(t *testing.T) {
	for _, text := range []string{
		"plain\n", "a\nb", "windows\r\nlines\r\n", "\r  0%|   | 0/2\r 50%|█  | 1/2\r100%|███| 2/2\n",
		"long text\rshort", "abc\b\bX", "\b\b", "kept\r", "a\rb\nc\rd", "long\rab\rc\n", "", "a\x1b[2Jb\n", "x\x1b]0;title\x07y", "é\r",
	} {
		for size := range len(text) {
			var s Screen
			var sent strings.Builder
			for piece := range slices.Chunk([]rune(text), size+1) {
				sent.WriteString(s.Add(string(piece)))
			}
			sent.WriteString(s.End())
			if got, want := overwritten(sent.String()), endLine(overwritten(Stream(text))); got != want {
				t.Errorf("%q in pieces of %d: sent %q, which shows %q, want %q", text, size+1, sent.String(), got, want)
			}
		}
	}
}

// TestScreenSendsStates of a line that is written over, not each step.
func TestScreenSendsStates(t *testing.T) {
	var s Screen
	for _, c := range []struct{ text, want string }{
		{"\r 0%\r 1%\r 2%", " 2%"},
		{"\r 3%\r 4%", "\r 4%"},
		{"\r 4%", ""},
		{" done", " done"},
		{"\nnext", "\nnext"},
		{"\rn", ""},
		{"\x1b[3", ""},
		{"2mgreen\x1b", "\rn\x1b[32mgreen"},
		{"[0m\n", "\x1b[0m\n"},
		{"\x1b", ""},
		{"(", ""},
		{"Bx", "x"},
	} {
		if got := s.Add(c.text); got != c.want {
			t.Errorf("%q: sent %q, want %q", c.text, got, c.want)
		}
	}
	if !s.Within() || s.Break() != "" || s.Within() || s.End() != "" {
		t.Error("a line that was broken off is not over")
	}
}
