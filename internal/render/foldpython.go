// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"slices"
	"strconv"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/livy"
)

var (
	pythonFrame = lazyregexp.New(`^\s*File "([^"]+)", line (\d+)(?:, in (.+))?$`)
	// ofSpark matches the files of PySpark and Py4J, on the driver and within
	// an executor's worker.
	ofSpark = lazyregexp.New(`[/\\](pyspark|py4j)[/\\]`)
	// whereSyntax matches the end of a SyntaxError's value.
	whereSyntax = lazyregexp.New(` \(<stdin>, line (\d+)\)$`)
)

// python lays out a traceback of Python: the user's own lines with those around
// them, the libraries as they came, PySpark's left out. What Spark says stands
// first, since it is long.
func (f *folder) python(name, value, text string) {
	head, said := text, ""
	if at := nameLine(name).FindAllStringIndex(text, -1); at != nil {
		last := at[len(at)-1][0]
		for _, m := range at {
			if strings.HasPrefix(text[m[0]:], "pyspark.") || strings.HasPrefix(text[m[0]:], "py4j.") {
				last = m[0] // what follows is its message, which may hold its own name
				break
			}
		}
		head, said = text[:last], text[last:]
	}
	ofSpark := strings.HasPrefix(said, "pyspark.") || strings.HasPrefix(said, "py4j.")
	if where := whereSyntax.Get().FindStringSubmatch(value); where != nil {
		value = whereSyntax.Get().ReplaceAllString(value, "")
		if !strings.Contains(head, `File "<stdin>"`) {
			head = `  File "<stdin>", line ` + where[1] + "\n" + head
		}
	}
	headline := f.headline(name, value)
	if ofSpark {
		f.show(headline...)
		f.frames(head)
		return
	}
	f.frames(head)
	f.show(headline...)
}

// headline is an error's name and message; the frames in it, which came from a
// worker, are laid out as well.
func (f *folder) headline(name, value string) []string {
	inner := folder{source: f.source}
	message := f.message(value)
	inner.frames(strings.Join(message, "\n"))
	f.hidden += inner.hidden
	if message[0] == tracebackHead {
		return append([]string{red(name) + ": a function failed on an executor"}, inner.lines...)
	}
	if len(inner.lines) == 0 {
		return []string{red(name)}
	}
	inner.lines[0] = red(name) + ": " + inner.lines[0]
	return inner.lines
}

// frames lays out lines of a traceback.
func (f *folder) frames(text string) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		part := pythonFrame.Get().FindStringSubmatch(lines[i])
		if part == nil {
			if line := lines[i]; strings.TrimSpace(line) != tracebackHead && (line != "" || len(f.lines) > 0) {
				f.show(line)
			}
			continue
		}
		end := i + 1
		for end < len(lines) && strings.HasPrefix(lines[end], "    ") {
			end++
		}
		f.frame(part[1], part[2], part[3], lines[i:end])
		i = end - 1
	}
}

// frame lays out one frame; lines are those it came with.
func (f *folder) frame(file, number, function string, lines []string) {
	at, err := strconv.Atoi(number)
	switch {
	case ofSpark.MatchString(file):
		f.hidden += len(lines)
	case file != "<stdin>" || err != nil:
		f.show(green(file)+", line "+number+inFunction(function), strings.Join(lines[1:], "\n"))
		if len(lines) == 1 {
			f.lines = f.lines[:len(f.lines)-1]
		}
	case len(lines) > 1: // a SyntaxError, whose caret is exact
		f.show(green("Cell, line " + number))
		f.show(widen(lines[1:])...)
	default:
		code, title := f.source.holds(function, at)
		f.show(green(title+", line "+number) + inFunction(function))
		f.show(snippet(code, at, livy.KindPySpark)...)
	}
}

func inFunction(name string) string {
	if name == "" || name == "<module>" {
		return ""
	}
	return ", in " + name
}

// widen sets carets under a line with wide characters.
func widen(lines []string) []string {
	out := slices.Clone(lines)
	for i := 1; i < len(out); i++ {
		if caret := strings.IndexByte(out[i], '^'); caret >= 0 && strings.Trim(out[i], " ^") == "" {
			out[i] = padTo(out[i-1], caret) + red(strings.TrimSpace(out[i]))
		}
	}
	return out
}

// holds returns the code that line at of a function is in, and its title. Every
// cell is named <stdin>: one that does not define the function is not it.
func (s Source) holds(function string, at int) (code, title string) {
	if function == "<module>" || strings.HasPrefix(function, "<") && snippet(s.Code, at, livy.KindPySpark) != nil || defines(s.Code, function, at) {
		return s.Code, "Cell"
	}
	for _, code := range slices.Backward(s.Earlier) {
		if defines(code, function, at) {
			return code, "An earlier cell"
		}
	}
	return "", "An earlier cell"
}

// defines reports whether code defines function above line at or on it.
func defines(code, function string, at int) bool {
	lines := strings.Split(code, "\n")
	if at > len(lines) {
		return false
	}
	for _, line := range slices.Backward(lines[:at]) {
		rest, found := strings.CutPrefix(strings.TrimPrefix(strings.TrimSpace(line), "async "), "def "+function)
		if found && strings.HasPrefix(strings.TrimSpace(rest), "(") {
			return true
		}
	}
	return false
}
