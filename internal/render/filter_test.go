// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestRow72Filter(t *testing.T) {
	for name, c := range map[string]struct{ in, stream, colour, plain string }{
		"plain":            {"a\tb\n", "a\tb\n", "a\tb\n", "a\tb\n"},
		"colour":           {"\x1b[1;31mx\x1b[0m", "\x1b[1;31mx\x1b[0m", "\x1b[1;31mx\x1b[0m", "x"},
		"colour by colons": {"\x1b[38:5:1mx", "\x1b[38:5:1mx", "\x1b[38:5:1mx", "x"},
		"title":            {"\x1b]0;t\x07x", "x", "x", "x"},
		"clipboard":        {"\x1b]52;c;aGk=\x1b\\x", "x", "x", "x"},
		"open command":     {"\x1b]0;kept\nx", "0;kept\nx", "0;kept\nx", "0;kept\nx"},
		"two open":         {"\x1b]a\x1b]b", "ab", "ab", "ab"},
		"clear screen":     {"\x1b[2Jx\x1b[10;3H", "x", "x", "x"},
		"private m":        {"\x1b[?1mx\x1b[>4;2m", "x", "x", "x"},
		"cut sequence":     {"x\x1b[3", "x", "x", "x"},
		"lone escape":      {"x\x1b", "x", "x", "x"},
		"charset":          {"\x1b(0x", "x", "x", "x"},
		"reset":            {"\x1bcx", "x", "x", "x"},
		"C1 CSI":           {"\u009b31mx", "x", "x", "x"},
		"C1 OSC":           {"\u009d0;t\u009cx", "x", "x", "x"},
		"device control":   {"\x1bP1$r\x1b\\x", "x", "x", "x"},
		"nul and bell":     {"a\x00b\x07c", "abc", "abc", "abc"},
		"carriage return":  {"10%\r20%", "10%\r20%", "10%20%", "10%20%"},
		"bidi":             {"a\u202eb", "a\u202eb", "ab", "ab"},
		"not UTF-8":        {"a\xffb", "a\ufffdb", "a\ufffdb", "a\ufffdb"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Stream(c.in); got != c.stream {
				t.Errorf("Stream = %q, want %q", got, c.stream)
			}
			if got := Colour(c.in); got != c.colour {
				t.Errorf("Colour = %q, want %q", got, c.colour)
			}
			if got := Plain(c.in); got != c.plain {
				t.Errorf("Plain = %q, want %q", got, c.plain)
			}
		})
	}
}

var sgr = regexp.MustCompile("\x1b\\[[0-9;:]*m")

func FuzzFilter(f *testing.F) {
	f.Add("\x1b[31mred\x1b[0m \x1b]0;t\x07 \u009b2J")
	f.Add(strings.Repeat("\x1b]", 100))
	f.Fuzz(func(t *testing.T, s string) {
		stream := Stream(s)
		if !utf8.ValidString(stream) {
			t.Fatalf("not UTF-8: %q", stream)
		}
		for _, r := range sgr.ReplaceAllString(stream, "") {
			if unicode.IsControl(r) && !strings.ContainsRune("\n\t\r\b", r) {
				t.Fatalf("%U kept in %q", r, stream)
			}
		}
		if again := Stream(stream); again != stream {
			t.Fatalf("not stable: %q, then %q", stream, again)
		}
		for _, r := range Plain(s) {
			if unicode.IsControl(r) && r != '\n' && r != '\t' {
				t.Fatalf("%U kept in plain text of %q", r, s)
			}
		}
	})
}

// TestCleanInSteps: what is filtered is found at every place of a step.
func TestCleanInSteps(t *testing.T) {
	for c := range 256 {
		for at := range 17 {
			b := []byte("0123456789~ \n\tABC")
			b[at] = byte(c)
			want := c == '\n' || c == '\t' || c >= 0x20 && c < 0x7f
			if clean(string(b)) != want {
				t.Errorf("clean(%q) is %v", b, !want)
			}
		}
	}
}
