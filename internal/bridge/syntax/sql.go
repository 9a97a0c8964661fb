// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package syntax

import (
	"strings"

	"github.com/livy-kernel/livy-kernel/kernel"
)

// SQL tells whether a SQL cell can be run: it ends with a semicolon or an empty
// line, outside of strings, comments and brackets.
func SQL(code string) kernel.Completeness {
	var open brackets
	var last byte // the last character outside of comments and white space
	for i := 0; i < len(code); {
		rest := code[i:]
		switch {
		case strings.HasPrefix(rest, "--"):
			i = lineEnd(code, i)
			continue
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return incomplete("")
			}
			i += end + 4
			continue
		case rest[0] == '\'' || rest[0] == '"' || rest[0] == '`':
			// Strings of SQL may hold newlines.
			end, ok := sqlString(code, i)
			if !ok {
				return incomplete("")
			}
			i, last = end, rest[0]
			continue
		}
		if open.add(rest[0]) {
			return invalid()
		}
		if !strings.ContainsRune(" \t\r\n", rune(rest[0])) {
			last = rest[0]
		}
		i++
	}
	switch {
	case len(open) > 0:
		return incomplete("  ")
	case last == 0 || last == ';' || endsBlank(code):
		return complete()
	}
	return incomplete("")
}

func sqlString(code string, at int) (end int, ok bool) {
	for i := at + 1; i < len(code); i++ {
		switch {
		case code[i] == '\\' && code[at] != '`':
			i++
		case code[i] == code[at]:
			return i + 1, true
		}
	}
	return len(code), false
}
