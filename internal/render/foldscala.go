// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"strconv"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/livy"
)

// consolePlace matches how the compiler names a line of its own input, whose
// number is not that of the cell.
var consolePlace = lazyregexp.New(`<console>:\d+: `)

var (
	// statementPlace matches how the embedded Spark tells the line of the cell
	// that the failing statement begins on.
	statementPlace = lazyregexp.New(`(?m)^\s+at <cell>:(\d+)$\n?`)
	// consoleFrame matches a frame of the user's code in a stack of the JVM.
	consoleFrame = lazyregexp.New(`^\s+at (\S+)\(<console>:\d+\)$`)
)

// tabStop is how far apart the compiler takes tabs to be.
const tabStop = 8

// scala lays out an error of Scala: a compiler's with its caret, an exception's
// with the user's frames.
func (f *folder) scala(value, text string) {
	statement := 0
	if place := statementPlace.Get().FindStringSubmatch(text); place != nil {
		statement, _ = strconv.Atoi(place[1]) // a number too large is that of no line
		text = statementPlace.Get().ReplaceAllString(text, "")
	}
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
	for len(lines) > 1 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	f.show(red(lines[0]))
	var frames []string
	for _, line := range lines[1:] {
		if frame := consoleFrame.Get().FindStringSubmatch(line); frame != nil {
			frames = append(frames, "  in "+f.source.definition(frame[1]))
			continue
		}
		f.show(line)
	}
	if shown := snippet(f.source.Code, statement, livy.KindSpark); shown != nil {
		f.show(green("Cell, line " + strconv.Itoa(statement)))
		f.show(shown...)
	}
	f.show(frames...)
}

// anonymous matches the name of a function within another one.
var anonymous = lazyregexp.New(`^\$anonfun\$(\w+)\$\d+$`)

// definition names the function of a frame, and where the cell defines it: the
// REPL's numbers of lines are not those of the cell.
func (s Source) definition(function string) string {
	words := function
	if within := anonymous.Get().FindStringSubmatch(function); within != nil {
		function = within[1]
		words = "a function within " + function
	}
	for i, line := range strings.Split(s.Code, "\n") {
		_, rest, found := strings.Cut(line, "def "+function)
		if found && (rest == "" || strings.ContainsAny(rest[:1], "([:= {")) {
			return words + ", which line " + strconv.Itoa(i+1) + " of the cell defines"
		}
	}
	return words
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
