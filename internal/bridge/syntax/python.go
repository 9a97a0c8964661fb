// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package syntax

import (
	"strings"

	"github.com/livy-kernel/livy-kernel/kernel"
)

// Python tells whether a Python cell can be run: not within brackets, a triple
// quoted string or a continued line, nor right behind a colon or a decorator. A
// block ends with an empty line, as in Python's own prompt.
func Python(code string) kernel.Completeness {
	var open brackets
	var opener []string // indentation of the line of each open bracket
	lineStart := 0      // of the physical line
	last := ""          // the last logical line that holds code, without comments
	var current strings.Builder
	for i := 0; i < len(code); {
		c := code[i]
		switch {
		case c == '#':
			i = lineEnd(code, i)
			continue
		case c == '"' || c == '\'':
			quote := string(c)
			if triple := strings.Repeat(quote, 3); strings.HasPrefix(code[i:], triple) {
				quote = triple
			}
			end, ok := quoted(code, i, quote, true)
			if !ok && len(quote) == 3 {
				return incomplete("")
			}
			if !ok {
				return invalid()
			}
			current.WriteString(`""`)
			i = end
			continue
		case c == '\\' && i+1 < len(code) && code[i+1] == '\n':
			i += 2
			lineStart = i
			if i == len(code) {
				return incomplete(indentUnit)
			}
			continue
		case c == '\\' && i+1 == len(code):
			return incomplete(indentUnit)
		case c == '\n':
			if len(open) == 0 {
				if strings.TrimSpace(current.String()) != "" {
					last = current.String()
				}
				current.Reset()
			}
			lineStart = i + 1
		default:
			depth := len(open)
			if open.add(c) {
				return invalid()
			}
			if len(open) > depth {
				opener = append(opener, indentOf(code[lineStart:]))
			}
			opener = opener[:len(open)]
			current.WriteByte(c)
		}
		i++
	}
	if len(open) > 0 {
		return incomplete(opener[len(opener)-1] + indentUnit)
	}
	if strings.TrimSpace(current.String()) != "" {
		last = current.String()
	}
	return pythonEnd(strings.TrimRight(last, " \t\r"), endsBlank(code))
}

// pythonEnd judges by the last logical line.
func pythonEnd(last string, blank bool) kernel.Completeness {
	indent := indentOf(last)
	word, _, _ := strings.Cut(strings.TrimSpace(last), " ")
	switch {
	case strings.HasSuffix(last, ":"):
		return incomplete(indent + indentUnit)
	case strings.HasPrefix(word, "@"):
		return incomplete(indent)
	case indent == "" || blank:
		return complete()
	case word == "return" || word == "raise" || word == "pass" || word == "break" || word == "continue":
		return incomplete(strings.TrimSuffix(indent, indentUnit))
	}
	return incomplete(indent)
}
