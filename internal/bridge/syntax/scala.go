// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package syntax

import (
	"strings"

	"github.com/livy-kernel/livy-kernel/kernel"
)

// Scala tells whether a Scala cell can be run: not within brackets, a comment
// or a string, nor right behind a word or sign that something must follow.
func Scala(code string) kernel.Completeness {
	var open brackets
	var last string // the last token, roughly
	for i := 0; i < len(code); {
		rest := code[i:]
		switch {
		case strings.HasPrefix(rest, "//"):
			i = lineEnd(code, i)
			continue
		case strings.HasPrefix(rest, "/*"):
			end, ok := scalaComment(code, i)
			if !ok {
				return incomplete("")
			}
			i = end
			continue
		case strings.HasPrefix(rest, `"""`):
			end, ok := quoted(code, i, `"""`, false)
			if !ok {
				return incomplete("")
			}
			i, last = end, `""`
			continue
		case rest[0] == '"':
			end, ok := quoted(code, i, `"`, true)
			if !ok {
				return invalid()
			}
			i, last = end, `""`
			continue
		case rest[0] == '\'':
			i, last = i+scalaChar(rest), "''"
			continue
		case isWord(rest[0]):
			n := 1
			for n < len(rest) && isWord(rest[n]) {
				n++
			}
			i, last = i+n, rest[:n]
			continue
		}
		if open.add(rest[0]) {
			return invalid()
		}
		if !strings.ContainsRune(" \t\r\n", rune(rest[0])) {
			last = rest[:1]
			if last == ">" && i > 0 && (code[i-1] == '=' || code[i-1] == '-') {
				last = "=>"
			}
		}
		i++
	}
	if len(open) > 0 {
		return incomplete(strings.Repeat("  ", len(open)))
	}
	if scalaContinues(last) && !endsBlank(code) {
		return incomplete("  ")
	}
	return complete()
}

// scalaContinues tells tokens that cannot end a statement.
func scalaContinues(token string) bool {
	switch token {
	case ".", ",", "=", "=>", "&", "|", "else", "extends", "with", "yield", "match",
		"case", "new", "val", "var", "def", "object", "class", "trait", "import", "package", "do", "try":
		return true
	}
	return false
}

// scalaComment returns the index behind the comment that begins at code[at];
// comments nest.
func scalaComment(code string, at int) (end int, ok bool) {
	depth := 0
	for i := at; i+1 < len(code); i++ {
		switch code[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
			if depth == 0 {
				return i + 1, true
			}
		}
	}
	return len(code), false
}

// scalaChar returns the length of the character literal that s begins with, or
// 1 for the quote of a symbol.
func scalaChar(s string) int {
	if len(s) > 3 && s[1] == '\\' {
		if end := strings.IndexByte(s[3:], '\''); end >= 0 && end < 6 {
			return end + 4
		}
		return 1
	}
	for n := 2; n < len(s) && n <= 5; n++ {
		if s[n] == '\'' && (n == 2 || s[1] >= 0x80) {
			return n + 1
		}
	}
	return 1
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
