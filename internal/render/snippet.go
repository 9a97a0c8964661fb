// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"fmt"
	"strings"

	"github.com/livy-kernel/livy-kernel/livy"
)

// context is how many lines of a cell stand above and below the one that
// failed.
const context = 2

// snippet shows line number at of code, counted from 1, with those around it.
// It is nil where code has no such line.
func snippet(code string, at int, kind livy.Kind) []string {
	lines := strings.Split(code, "\n")
	if at < 1 || at > len(lines) || strings.TrimSpace(lines[at-1]) == "" {
		return nil
	}
	first, last := max(1, at-context), min(len(lines), at+context)
	for strings.TrimSpace(lines[first-1]) == "" {
		first++ // the place of a magic, for one
	}
	for strings.TrimSpace(lines[last-1]) == "" {
		last--
	}
	var shown []string
	for n := first; n <= last; n++ {
		text := highlight(Plain(lines[n-1]), kind)
		if n == at {
			shown = append(shown, green(fmt.Sprintf("%s> %d", strings.Repeat("-", max(1, 5-len(fmt.Sprint(n)))), n))+" "+text)
		} else {
			shown = append(shown, green(fmt.Sprintf("%7d", n))+" "+text)
		}
	}
	return shown
}

// line returns line number at of the code, counted from 1; "" where there is none.
func (s Source) line(at int) string {
	lines := strings.Split(s.Code, "\n")
	if at < 1 || at > len(lines) {
		return ""
	}
	return strings.TrimRight(lines[at-1], "\r")
}

// pointed is snippet with carets below so many characters of the line, the first
// of them at column.
func pointed(code string, at, column, carets int) []string {
	shown := snippet(code, at, livy.KindSQL)
	for i, line := range shown {
		if strings.Contains(line, "> ") && strings.HasPrefix(line, ansiGreen+"-") {
			source := strings.Split(code, "\n")[at-1]
			caret := strings.Repeat(" ", 8) + padTo(source, column) + red(strings.Repeat("^", width(padTo(source, column+carets))-width(padTo(source, column))))
			return append(append(append([]string(nil), shown[:i+1]...), caret), shown[i+1:]...)
		}
	}
	return shown
}

// padTo returns blanks as wide as the first n characters of line: tabs stay,
// and below a wide character stand two.
func padTo(line string, n int) string {
	var b strings.Builder
	for _, r := range Plain(line) {
		if n <= 0 {
			break
		}
		if r == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteString(strings.Repeat(" ", runeWidth(r)))
		}
		n--
	}
	return b.String()
}

const ansiGreen = "\x1b[0;32m"

func green(s string) string { return ansiGreen + s + "\x1b[0m" }
func dim(s string) string   { return "\x1b[2m" + s + "\x1b[0m" }
