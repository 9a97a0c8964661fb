// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
)

// Limits of an error's parts, in bytes. A Spark error repeats the stack of the
// JVM in its evalue; that fits.
const (
	maxEValue    = 32 << 10
	maxTraceback = 128 << 10
)

// Failure returns the error that out holds, or nil where it holds none.
//
// Livy's Python interpreter answers a magic on an unknown name with status
// "ok" and a whole reply message in its data; that is an error as well.
func Failure(out livy.Output) *kernel.CellError {
	out = unnested(out)
	if out.Status != "error" {
		return nil
	}
	name := Plain(out.EName)
	if name == "" {
		name = "Error"
	}
	// Cut first: a control sequence cut in two is then filtered with the rest.
	value := Plain(cutMiddle(out.EValue, maxEValue))
	lines := Colour(cutMiddle(joinLines(out.Traceback), maxTraceback))
	return &kernel.CellError{
		EName:     name,
		EValue:    strings.TrimSpace(value),
		Traceback: traceback(name, strings.Trim(value, "\n"), lines),
	}
}

// unnested is the error that an output of status "ok" may hold, else out.
func unnested(out livy.Output) livy.Output {
	if _, nested := out.Data["msg_type"]; !nested {
		return out
	}
	var inner livy.Output
	if json.Unmarshal(out.Data["content"], &inner) != nil {
		inner = livy.Output{EName: "Error", EValue: "the interpreter sent an answer that cannot be read"}
	}
	inner.Status, inner.Data = "error", nil
	return inner
}

// traceback lays out an error as a notebook shows it. A traceback of Python
// ends with "Name: value" and stands as it is. The other interpreters send
// what follows the message (the compiler's pointer, the frames of the JVM), so
// that the message goes first; their name "Error" says nothing and is left out.
func traceback(name, value, text string) []string {
	headline := nameLine(name)
	if at := headline.FindAllStringSubmatchIndex(text, -1); at != nil {
		last := at[len(at)-1]
		text = text[:last[2]] + red(text[last[2]:last[3]]) + text[last[3]:]
	} else {
		head := red(name) + ": " + value
		if name == "Error" && value != "" {
			first, rest, more := strings.Cut(value, "\n")
			head = red(first)
			if more {
				head += "\n" + rest
			}
		}
		text = head + "\n" + text
	}
	return strings.Split(strings.TrimRight(text, "\n"), "\n")
}

// nameLine matches the line "Name: value" of a Python traceback, where the
// name may be qualified by its module.
func nameLine(name string) *regexp.Regexp {
	return regexp.MustCompile(`(?m)^((?:[\w.]+\.)?` + regexp.QuoteMeta(name) + `)(?::|$)`)
}

var javaFrame = lazyregexp.New(`^[\w.$/<>]+\([^()]*\)$`)

// joinLines joins a traceback of Livy: Python and Scala send lines with their
// newlines, sometimes several in one element, SQL bare frames of the JVM.
func joinLines(lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		if javaFrame.MatchString(line) {
			b.WriteString("    at ")
		}
		b.WriteString(line)
		if !strings.HasSuffix(line, "\n") {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func red(s string) string { return "\x1b[0;31m" + s + "\x1b[0m" }

// cutMiddle shortens s to about limit bytes, a quarter of them from its
// beginning, and says what it left out.
func cutMiddle(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	head, tail := limit/4, len(s)-limit*3/4
	for !utf8.RuneStart(s[head]) {
		head--
	}
	for !utf8.RuneStart(s[tail]) {
		tail++
	}
	return s[:head] + fmt.Sprintf("\n… %d bytes left out …\n", tail-head) + s[tail:]
}
