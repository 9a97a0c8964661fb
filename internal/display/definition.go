// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package display

import (
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
)

// definition returns Scala source without what stands before its object, with
// each name replaced by what follows it, and with a line for the object and one
// for each import: Apache Livy has the REPL read all of an incomplete statement
// anew with every line.
func definition(source string, replacements ...string) string {
	_, code, _ := strings.Cut(source, "\nobject")
	return strings.NewReplacer(replacements...).Replace(inOneLine("object" + code))
}

// What of a line of Scala is a comment, and what ends and begins lines that go
// together.
var (
	comment = lazyregexp.New(`(^|\s)// .*`)
	open    = lazyregexp.New(`[{(,=>+]$`)
	closing = lazyregexp.New(`^[}).]`)
)

// inOneLine puts the lines of Scala together that make one definition.
func inOneLine(code string) string {
	var text strings.Builder
	last := ""
	for line := range strings.Lines(code) {
		next := strings.TrimSpace(comment.Get().ReplaceAllString(strings.TrimSpace(line), ""))
		switch {
		case next == "":
			continue
		case last == "":
		case strings.HasPrefix(line, "import "):
			text.WriteByte('\n')
		case open.MatchString(last), closing.MatchString(next):
			text.WriteByte(' ')
		default:
			text.WriteString("; ")
		}
		text.WriteString(next)
		last = next
	}
	return text.String()
}
