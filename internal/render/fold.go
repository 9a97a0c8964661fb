// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"fmt"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
)

// Source is the code of a statement, in which its error is shown.
type Source struct {
	Kind livy.Kind
	Code string // as it was sent; its lines are those of the cell
	// Earlier is the Python code that ran before it, the newest last: a
	// function that fails may be of there.
	Earlier []string
}

// Error is a failure of the user's code in two lengths.
type Error struct {
	// Short shows the message, the user's own lines, and how much is left out.
	Short *kernel.CellError
	// Full is all that the server sent.
	Full *kernel.CellError
}

// Failure returns the error that out holds; ok is false where it holds none.
func (s Source) Failure(out livy.Output) (e Error, ok bool) {
	out = unnested(out)
	full := Failure(out)
	if full == nil {
		return Error{}, false
	}
	f := folder{source: s}
	value := strings.Trim(Plain(cutMiddle(out.EValue, maxEValue)), "\n")
	text := Plain(cutMiddle(joinLines(out.Traceback), maxTraceback))
	switch {
	case s.Kind == livy.KindSQL:
		f.sql(full.EName, value, text)
	case full.EName != "Error" || strings.Contains(text, tracebackHead):
		f.python(full.EName, value, text)
	default:
		f.scala(value, text)
	}
	if f.hidden > 0 {
		f.show(dim(fmt.Sprintf("… %s of Spark's own left out; %%tb shows the whole error", count(f.hidden, "line"))))
	}
	short := *full
	short.Traceback = f.lines
	short.EValue = foldValue(value)
	return Error{Short: &short, Full: full}, true
}

// folder lays out an error, and counts what it leaves out.
type folder struct {
	source Source
	lines  []string
	hidden int
}

func (f *folder) show(lines ...string) { f.lines = append(f.lines, lines...) }

var (
	// jvmFrame matches a line of a stack of the JVM.
	jvmFrame = lazyregexp.New(`^\s+(at [\w.$/<>]+\(|\.\.\. \d+ (more|elided))`)
	// called matches how Py4J introduces an error of the JVM, which says
	// nothing about it.
	called = lazyregexp.New(`^An error occurred while calling \S+\.?\n:? ?`)
	// worker matches what PySpark puts before an error of a Python function
	// that ran on an executor.
	worker = lazyregexp.New(`^\s*An exception was thrown from the Python worker\. Please see the stack trace below\.\n`)
)

const tracebackHead = "Traceback (most recent call last):"

// noise reports whether a line of an error is of the JVM's stack, and not of
// the user's code in it.
func noise(line string) bool {
	return jvmFrame.MatchString(line) && !strings.Contains(line, "<console>")
}

// message takes out of an error's message what does not tell what is wrong: the
// stack of the JVM, which may come twice, and the query plan, which follows the
// semicolon that ends the sentence.
func (f *folder) message(text string) []string {
	text = worker.Get().ReplaceAllString(called.Get().ReplaceAllString(text, ""), "")
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	var kept []string
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		if trimmed == "Driver stacktrace:" || trimmed == "JVM stacktrace:" || i > 0 && strings.HasSuffix(lines[i-1], ";") && strings.Contains(text, "[") {
			f.hidden += len(lines) - i
			break
		}
		if noise(line) {
			f.hidden++
			continue
		}
		kept = append(kept, line)
	}
	if len(kept) == 0 {
		kept = []string{""}
	}
	last := len(kept) - 1
	kept[last] = strings.TrimSuffix(kept[last], ";")
	return kept
}

// foldValue is an error's value without what the folded traceback leaves out.
// Of a worker's traceback it keeps the last line.
func foldValue(value string) string {
	var f folder
	text := strings.TrimSpace(strings.Join(f.message(value), "\n"))
	before, within, found := strings.Cut(text, tracebackHead)
	if !found {
		return text
	}
	return before + strings.TrimSpace(within[strings.LastIndexByte(within, '\n')+1:])
}
