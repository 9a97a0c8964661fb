// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package complete

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sort is what a token of Python is.
type sort int

const (
	sortName sort = iota
	sortNumber
	sortText // a string
	sortSign
	sortNewline // the end of a logical line
	sortComment // one that reaches the end of the code
)

// token is a piece of Python.
type token struct {
	sort     sort
	text     string // as it stands in the code
	from, to int    // byte offsets
	open     bool   // a string that reaches the end of the code without its end
}

// is reports whether a token is that sign.
func (t token) is(sign string) bool { return t.sort == sortSign && t.text == sign }

// names reports whether a token is a name that is no keyword.
func (t token) names() bool { return t.sort == sortName && !slices.Contains(pythonKeywords, t.text) }

// tokens takes Python apart. It takes any text: code that somebody is typing
// is broken most of the time. Within brackets there are no newlines.
func tokens(code string) []token {
	var out []token
	depth := 0
	for i := 0; i < len(code); {
		t := token{from: i}
		r, size := utf8.DecodeRuneInString(code[i:])
		switch {
		case r == '\n':
			t.sort, t.to = sortNewline, i+1
		case r == '\\' && strings.HasPrefix(code[i+1:], "\n"):
			i += 2
			continue
		case unicode.IsSpace(r):
			i += size
			continue
		case r == '#':
			t.sort, t.to = sortComment, i+len(firstLine(code[i:]))
		case textPrefix(code[i:]) >= 0:
			t.sort = sortText
			t.to, t.open = textEnd(code, i+textPrefix(code[i:]))
		case isNameStart(r):
			t.sort, t.to = sortName, i+nameLength(code[i:])
		case r >= '0' && r <= '9':
			t.sort, t.to = sortNumber, i+numberLength(code[i:])
		default:
			t.sort, t.to = sortSign, i+max(size, signLength(code[i:]))
		}
		i = t.to
		t.text = code[t.from:t.to]
		switch {
		case t.is("("), t.is("["), t.is("{"):
			depth++
		case t.is(")"), t.is("]"), t.is("}"):
			depth = max(0, depth-1)
		}
		if t.sort == sortNewline && depth > 0 || t.sort == sortComment && t.to < len(code) {
			continue
		}
		out = append(out, t)
	}
	return out
}

// firstLine returns text up to its first newline.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// textPrefix returns the length of what stands before the quotes of the string
// that text begins with, or -1.
func textPrefix(text string) int {
	n := 0
	for n < len(text) && n < 2 && strings.ContainsRune("rRbBuUfF", rune(text[n])) {
		n++
	}
	if n < len(text) && (text[n] == '"' || text[n] == '\'') {
		return n
	}
	return -1
}

// textEnd returns the index behind the string whose quotes begin at code[at],
// and whether the code ends within it.
func textEnd(code string, at int) (end int, open bool) {
	quote := code[at : at+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(code[at:], triple) {
		quote = triple
	}
	for i := at + len(quote); i < len(code); i++ {
		switch {
		case code[i] == '\\':
			i++
		case strings.HasPrefix(code[i:], quote):
			return i + len(quote), false
		case code[i] == '\n' && len(quote) == 1:
			return i, false
		}
	}
	return len(code), true
}

// nameLength returns the length of the name that text begins with.
func nameLength(text string) int {
	for i, r := range text {
		if !isNamePart(r) {
			return i
		}
	}
	return len(text)
}

// numberLength returns the length of the number that text begins with.
func numberLength(text string) int {
	for i, r := range text {
		if !isNamePart(r) && r != '.' {
			return i
		}
	}
	return len(text)
}

// signLength returns the length of the sign that text begins with: what ends
// with an equals sign is told from the assignment.
func signLength(text string) int {
	for _, sign := range []string{"**=", "//=", ">>=", "<<=", "...", "==", "!=", "<=", ">=", ":=", "->", "+=", "-=", "*=", "/=", "%=", "@=", "&=", "|=", "^=", "**", "//"} {
		if strings.HasPrefix(text, sign) {
			return len(sign)
		}
	}
	return 1
}

func isNameStart(r rune) bool { return r == '_' || unicode.IsLetter(r) }

// isNamePart reports whether r may stand in a name behind its beginning: marks
// that combine with the letter before them may.
func isNamePart(r rune) bool {
	return isNameStart(r) || unicode.In(r, unicode.Nd, unicode.Nl, unicode.Mn, unicode.Mc, unicode.Pc)
}
