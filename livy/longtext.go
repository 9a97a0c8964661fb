// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"strconv"
)

// longText is the size of a string, in bytes, from which on it is set aside.
const longText = 64 << 10

// setAside takes the long strings that stand under a MIME type out of a JSON
// document and leaves short ones in their places, which putBack knows again.
// encoding/json walks through a document several times, for megabytes of
// output longer than a server on this machine takes to send them. A document
// with a long string that is not well-formed is returned as it is.
func setAside(doc []byte) (short []byte, aside []json.RawMessage) {
	kept := 0
	for at, mime := 0, false; ; {
		open := bytes.IndexByte(doc[at:], '"')
		if open < 0 {
			return append(short, doc[kept:]...), aside
		}
		value := mime && string(bytes.TrimSpace(doc[at:at+open])) == ":"
		open += at
		end := stringEnd(doc, open)
		if end < 0 {
			return doc, nil
		}
		text := doc[open:end:end]
		if value && len(text) >= longText {
			short = append(short, doc[kept:open]...)
			short = append(short, placeholder(len(aside))...)
			aside = append(aside, text)
			kept = end
		}
		mime = !value && len(text) < longText && bytes.IndexByte(text, '/') > 0
		at = end
	}
}

// stringEnd returns the index behind the JSON string that begins at open, -1
// where it is not well-formed.
func stringEnd(doc []byte, open int) int {
	for i := open + 1; i < len(doc); i++ {
		if i+8 <= len(doc) && ordinary(binary.LittleEndian.Uint64(doc[i:])) {
			i += 7
			continue
		}
		switch c := doc[i]; {
		case c == '"':
			return i + 1
		case c < ' ':
			return -1
		case c == '\\':
			i++
			if i == len(doc) || !escapes[doc[i]] {
				return -1
			}
			if doc[i] == 'u' {
				if i+4 >= len(doc) || !isHex(doc[i+1:i+5]) {
					return -1
				}
				i += 4
			}
		}
	}
	return -1
}

// ordinary reports whether none of eight bytes is a quote, a backslash or a
// control character: most of what is printed is walked through in such steps.
func ordinary(eight uint64) bool {
	const each, top = 0x0101010101010101, 0x8080808080808080
	quote, backslash := eight^each*'"', eight^each*'\\'
	return (eight-each*' ')&^eight&top == 0 && (quote-each)&^quote&top == 0 && (backslash-each)&^backslash&top == 0
}

// escapes are the letters that may follow a backslash.
var escapes = [256]bool{'"': true, '\\': true, '/': true, 'b': true, 'f': true, 'n': true, 'r': true, 't': true, 'u': true}

func isHex(digits []byte) bool {
	_, err := strconv.ParseUint(string(digits), 16, 16)
	return err == nil
}

// placeholder is the JSON string that stands for the i-th one set aside.
func placeholder(i int) string { return `"\u0000` + strconv.Itoa(i) + `"` }

// putBack replaces the placeholders among data.
func putBack(data map[string]json.RawMessage, aside []json.RawMessage) {
	for mime, raw := range data {
		for i, text := range aside {
			if string(raw) == placeholder(i) {
				data[mime] = text
				break
			}
		}
	}
}
