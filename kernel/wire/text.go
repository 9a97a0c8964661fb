// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"bytes"
	"encoding/hex"
	"unicode/utf16"
	"unicode/utf8"
)

// cleanText makes encoded JSON fit for every client: bytes that are not UTF-8,
// and \u escapes that are half of a surrogate pair, become U+FFFD. Both come in
// by values that a backend hands over ready encoded.
func cleanText(b []byte) []byte {
	if !utf8.Valid(b) {
		b = bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	if bytes.Contains(b, []byte(`\ud`)) || bytes.Contains(b, []byte(`\uD`)) {
		b = replaceLoneSurrogates(b)
	}
	return b
}

func replaceLoneSurrogates(b []byte) []byte {
	const escape = len(`\uXXXX`)
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		if b[i] != '\\' || i+1 == len(b) {
			out = append(out, b[i])
			i++
			continue
		}
		first, ok := escaped(b[i:])
		switch second, pair := escaped(b[min(i+escape, len(b)):]); {
		case !ok: // another escape, \\ among them
			out = append(out, b[i:i+2]...)
			i += 2
		case pair && utf16.DecodeRune(first, second) != utf8.RuneError:
			out = append(out, b[i:i+2*escape]...)
			i += 2 * escape
		case utf16.IsSurrogate(first):
			out = append(out, `\ufffd`...)
			i += escape
		default:
			out = append(out, b[i:i+escape]...)
			i += escape
		}
	}
	return out
}

// escaped decodes the \uXXXX that b begins with, if it does.
func escaped(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	var unit [2]byte
	if _, err := hex.Decode(unit[:], b[2:6]); err != nil {
		return 0, false
	}
	return rune(unit[0])<<8 | rune(unit[1]), true
}
