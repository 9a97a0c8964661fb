// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"strings"
	"unicode/utf8"
)

// Stream returns text for a notebook's stdout or stderr. Of the terminal
// control sequences only colour (SGR, ESC [ … m) is kept: the others write
// titles, links and the clipboard of whoever opens the notebook in a terminal.
// Carriage returns and backspaces are kept; progress bars need them.
func Stream(s string) string { return filter(s, keepSGR|keepMotion|keepBidi) }

// Colour returns text for a traceback: Stream without carriage returns,
// backspaces and bidirectional controls, which could make an error read other
// than it is.
func Colour(s string) string { return filter(s, keepSGR) }

// Plain returns s without any control character but tab and newline.
func Plain(s string) string { return filter(s, 0) }

type keep uint8

const (
	keepSGR keep = 1 << iota
	keepMotion
	keepBidi
)

func filter(s string, k keep) string {
	if clean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	// An unterminated string command (OSC and its kin) is looked for only
	// once a line, so that hostile text costs linear time.
	openUntil := 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			b.WriteRune(utf8.RuneError)
			i++
			continue
		}
		intro, introLen := introducer(s[i:], r, n)
		switch {
		case intro == '[':
			end, sgr := csi(s, i+introLen)
			if sgr && k&keepSGR != 0 && r == 0x1b {
				b.WriteString(s[i:end])
			}
			i = end
		case isStringCommand(intro):
			i += introLen
			if i < openUntil {
				continue
			}
			if end, ok := stringEnd(s, i); ok {
				i = end
			} else {
				openUntil = end
			}
		case intro != 0:
			i += introLen
		case allowed(r, k):
			b.WriteString(s[i : i+n])
			i += n
		default:
			i += n
		}
	}
	return b.String()
}

// clean reports whether s is printable ASCII with tabs and newlines only, the
// usual case.
func clean(s string) bool {
	for i := 0; i < len(s); i++ {
		if i+8 <= len(s) && printable(s[i:i+8]) {
			i += 7
			continue
		}
		if c := s[i]; (c < 0x20 && c != '\n' && c != '\t') || c >= 0x7f {
			return false
		}
	}
	return true
}

// printable reports whether eight bytes are all of printable ASCII: megabytes
// of output are walked through in such steps.
func printable(s string) bool {
	const each, top = 0x0101010101010101, 0x8080808080808080
	_ = s[7]
	eight := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	return eight&top == 0 && (eight-each*' ')&top == 0 && (eight+each)&top == 0
}

// introducer returns the final byte of the escape sequence that begins s in its
// 7-bit form, '[' for ESC [ and for its C1 twin U+009B alike, and the length of
// the introduction. 0 means that none begins here.
func introducer(s string, r rune, n int) (byte, int) {
	switch {
	case r >= 0x80 && r <= 0x9f:
		return byte(r-0x80) + '@', n
	case r != 0x1b:
		return 0, 0
	case len(s) < 2 || s[1] < 0x20 || s[1] > 0x7e:
		return 0x1b, 1
	}
	// ESC with intermediate bytes, as in ESC ( B.
	end := 1
	for end < len(s) && s[end] >= 0x20 && s[end] <= 0x2f {
		end++
	}
	if end > 1 {
		if end < len(s) && s[end] >= 0x30 && s[end] <= 0x7e {
			end++
		}
		return 0x1b, end
	}
	return s[1], 2
}

// isStringCommand tells DCS, SOS, OSC, PM and APC: their text runs up to BEL or
// ST.
func isStringCommand(c byte) bool { return c != 0 && strings.IndexByte("PX]^_", c) >= 0 }

// stringEnd returns the index behind the end of a string command's text. A text
// that does not end on its line is no command (ok is false, the index that of
// the line's end): dropping all that follows would lose output.
func stringEnd(s string, from int) (end int, ok bool) {
	for i := from; i < len(s); i++ {
		switch {
		case s[i] == '\n':
			return i, false
		case s[i] == 0x07:
			return i + 1, true
		case s[i] == 0x1b && i+1 < len(s) && s[i+1] == '\\':
			return i + 2, true
		case s[i] == 0xc2 && i+1 < len(s) && s[i+1] == 0x9c:
			return i + 2, true
		}
	}
	return len(s), false
}

// csi returns the index behind a control sequence whose parameters begin at
// from, and whether it is SGR.
func csi(s string, from int) (end int, sgr bool) {
	sgr = true
	i := from
	for ; i < len(s) && s[i] >= 0x20 && s[i] <= 0x3f; i++ {
		if c := s[i]; (c < '0' || c > '9') && c != ';' && c != ':' {
			sgr = false
		}
	}
	if i < len(s) && s[i] >= 0x40 && s[i] <= 0x7e {
		return i + 1, sgr && s[i] == 'm'
	}
	return i, false
}

func allowed(r rune, k keep) bool {
	switch {
	case r == '\n' || r == '\t':
		return true
	case r == '\r' || r == '\b':
		return k&keepMotion != 0
	case r < 0x20 || r == 0x7f:
		return false
	case isBidi(r):
		return k&keepBidi != 0
	}
	return true
}

// isBidi tells the characters that reorder the text around them.
func isBidi(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
		r == 0x200e || r == 0x200f || r == 0x061c
}
