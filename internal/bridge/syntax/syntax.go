// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package syntax tells whether a piece of code can be run as it stands, for
// consoles that send a cell line by line. Each language has a small scanner for
// what opens and closes in it; none is a parser, and where one cannot tell, it
// says complete: the interpreter then names the error.
package syntax

import (
	"strings"

	"github.com/livy-kernel/livy-kernel/kernel"
)

// indentUnit is what a block is indented by.
const indentUnit = "    "

func complete() kernel.Completeness { return kernel.Completeness{Status: "complete"} }
func invalid() kernel.Completeness  { return kernel.Completeness{Status: "invalid"} }

func incomplete(indent string) kernel.Completeness {
	return kernel.Completeness{Status: "incomplete", Indent: indent}
}

// endsBlank reports whether code ends with an empty line, by which a console's
// user says that there is no more to come.
func endsBlank(code string) bool {
	return strings.HasSuffix(strings.TrimRight(code, " \t\r"), "\n")
}

// indentOf returns the white space that line begins with.
func indentOf(line string) string {
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

// brackets is the stack of open brackets.
type brackets []byte

// add takes one character and reports whether it closes what is not open.
func (b *brackets) add(c byte) (mismatch bool) {
	switch c {
	case '(', '[', '{':
		*b = append(*b, c)
	case ')', ']', '}':
		open := *b
		if len(open) == 0 || closing(open[len(open)-1]) != c {
			return true
		}
		*b = open[:len(open)-1]
	}
	return false
}

func closing(open byte) byte {
	switch open {
	case '(':
		return ')'
	case '[':
		return ']'
	}
	return '}'
}

// quoted returns the index behind the string that begins at code[at] with the
// delimiter quote, and whether it ends. A string of one quote ends with its line
// at the latest; escapes tells whether a backslash escapes what follows it.
func quoted(code string, at int, quote string, escapes bool) (end int, ok bool) {
	for i := at + len(quote); i < len(code); i++ {
		switch {
		case escapes && code[i] == '\\':
			i++
		case strings.HasPrefix(code[i:], quote):
			return i + len(quote), true
		case code[i] == '\n' && len(quote) == 1:
			return i, false
		}
	}
	return len(code), false
}

// lineEnd returns the index of the newline at or behind i, or the code's end.
func lineEnd(code string, i int) int {
	if n := strings.IndexByte(code[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(code)
}

// JSON tells whether a JSON object is whole.
func JSON(code string) kernel.Completeness {
	var open brackets
	for i := 0; i < len(code); i++ {
		if code[i] == '"' {
			end, ok := quoted(code, i, `"`, true)
			if !ok {
				return invalid()
			}
			i = end - 1
		} else if open.add(code[i]) {
			return invalid()
		}
	}
	if len(open) > 0 || strings.TrimSpace(code) == "" && !endsBlank(code) {
		return incomplete("")
	}
	return complete()
}
