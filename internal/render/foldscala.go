// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"strconv"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
)

// consolePlace matches how the compiler names a line of its own input, whose
// number is not that of the cell.
var consolePlace = lazyregexp.New(`<console>:\d+: `)

// tabStop is how far apart the compiler takes tabs to be.
const tabStop = 8

// scala lays out an error of Scala: a compiler's with its caret, an exception's
// with the user's frames.
func (f *folder) scala(value, text string) {
	lines := f.message(value + "\n" + text)
	for i := 1; i < len(lines); i++ {
		if strings.TrimSpace(lines[i]) != "^" {
			continue
		}
		number, source, caret, ok := f.source.compiled(lines[i-1], strings.IndexByte(lines[i], '^'))
		if !ok {
			continue
		}
		lines[i-1], lines[i] = "    "+source, "    "+caret
		for j := i; j >= 0; j-- {
			if consolePlace.MatchString(lines[j]) {
				lines[j] = consolePlace.Get().ReplaceAllString(lines[j], "Cell, line "+strconv.Itoa(number)+": ")
				break
			}
		}
	}
	if len(lines) > 0 {
		lines[0] = red(lines[0])
	}
	f.show(lines...)
}

// compiled finds the line of the cell that the compiler shows, indented, and
// puts the caret under its column. ok is false where the cell has no such line,
// or several of them.
func (s Source) compiled(shown string, caret int) (number int, line, below string, ok bool) {
	for i, candidate := range strings.Split(s.Code, "\n") {
		candidate = strings.TrimRight(candidate, "\r")
		indent, found := strings.CutSuffix(shown, candidate)
		if !found || candidate == "" || strings.TrimSpace(indent) != "" {
			continue
		}
		if ok {
			return 0, "", "", false
		}
		number, line, ok = i+1, candidate, true
		below = padTo(candidate, charactersTo(candidate, caret-len(indent))) + red("^")
	}
	return number, Plain(line), below, ok
}

// charactersTo is the number of characters of line left of a column that the
// compiler counted.
func charactersTo(line string, column int) int {
	n, at := 0, 0
	for _, r := range line {
		if at >= column {
			break
		}
		switch {
		case r == '\t':
			at += tabStop - at%tabStop
		case r > 0xffff: // Scala counts units of UTF-16
			at += 2
		default:
			at++
		}
		n++
	}
	return n
}
