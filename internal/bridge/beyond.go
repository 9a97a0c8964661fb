// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"slices"
	"strings"
)

// complete shows what of a statement's whole text was not shown while it ran.
func (p *player) complete(whole string) {
	p.add(beyond(whole, p.told))
}

// beyond returns the text without the pieces that were shown of it, which are
// in it in this order. Livy has stripped the white space off its end.
func beyond(whole string, shown []string) string {
	begin := strings.Join(shown, "")
	if rest, ok := strings.CutPrefix(whole, begin); ok {
		return rest
	}
	if stripped(begin) == stripped(whole) {
		return ""
	}
	if rest, ok := without(whole, shown); ok {
		return rest
	}
	return withoutLines(whole, begin)
}

// withoutLines cuts the lines that were shown out of the text: a warning of the
// compiler's stands among those of Scala, which comes at the end alone.
func withoutLines(whole, shown string) string {
	of := make(map[string]bool)
	for line := range strings.Lines(whole) {
		of[stripped(line)] = true
	}
	lines := slices.DeleteFunc(slices.Collect(strings.Lines(shown)), func(line string) bool {
		return strings.HasSuffix(line, "\n") && !of[stripped(line)]
	})
	var rest strings.Builder
	for line := range strings.Lines(whole) {
		if len(lines) > 0 {
			next := lines[0]
			if stripped(line) == stripped(next) {
				lines = lines[1:]
				continue
			}
			if begun, ok := strings.CutPrefix(line, next); ok && !strings.HasSuffix(next, "\n") {
				lines, line = nil, begun
			}
		}
		rest.WriteString(line)
	}
	return rest.String()
}

// without cuts the pieces out of the text. ok is false where one was not found.
func without(whole string, pieces []string) (text string, ok bool) {
	var rest strings.Builder
	for _, piece := range pieces {
		at := strings.Index(whole, piece)
		if at < 0 {
			piece = stripped(piece)
			if at = len(whole) - len(piece); !strings.HasSuffix(whole, piece) {
				return "", false
			}
		}
		rest.WriteString(whole[:at])
		whole = whole[at+len(piece):]
	}
	rest.WriteString(whole)
	return rest.String(), true
}

// stripped returns text without the white space at its end.
func stripped(text string) string { return strings.TrimRight(text, " \t\r\n") }
