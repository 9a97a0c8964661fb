// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// shortEscapes are what stands for the letter behind a backslash; 0 is none.
var shortEscapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unquote returns the text of a JSON string of a document that has been
// checked. Megabytes of output are of plain lines, for which encoding/json
// takes several times as long; what is not so plain is left to it.
func unquote(raw []byte) (string, bool) {
	if len(raw) < 2 || raw[0] != '"' || raw[len(raw)-1] != '"' || !utf8.Valid(raw) {
		return "", false
	}
	rest := raw[1 : len(raw)-1]
	var text strings.Builder
	text.Grow(len(rest))
	for {
		i := bytes.IndexByte(rest, '\\')
		if i < 0 {
			text.Write(rest)
			return text.String(), true
		}
		text.Write(rest[:i])
		if i+1 >= len(rest) || shortEscapes[rest[i+1]] == 0 {
			return "", false
		}
		text.WriteByte(shortEscapes[rest[i+1]])
		rest = rest[i+2:]
	}
}
