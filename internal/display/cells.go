// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package display

import (
	_ "embed" // for the code
	"strconv"
	"strings"
)

//go:embed cells.scala
var cells string

// Cells returns the code by which the Scala interpreter of an Apache Livy sends
// what a statement has printed along with the exception that ends it, as a
// [Before], and keeps it for [Earlier]. With live it comes in the session's log
// too, while the statement runs, as [Printed] reads it. Where another kernel was
// first in the interpreter, the code sends a [Nonce].
func Cells(nonce string, live bool) string {
	return definition(cells, "NONCE", strconv.QuoteToASCII(nonce), "LIVE", strconv.FormatBool(live))
}

// Earlier returns the code that sends what a statement of late has printed, as
// a [Before]: one whose line the compiler has refused sends nothing itself.
func Earlier(statement string) string {
	return "LivyKernelCells.printed(" + strconv.QuoteToASCII(statement) + ")"
}

// TakeBefore looks for a [Before] in an error of a statement, given as the
// lines of it. It returns what was printed, and the lines that tell the error.
func TakeBefore(lines []string, nonce string) (printed string, rest []string, ok bool) {
	if nonce == "" {
		return "", lines, false
	}
	for i, line := range lines {
		// Its text may hold frames, and text before it some that were torn.
		for _, from, found := strings.Cut(line, nonce); found; _, from, found = strings.Cut(from, nonce) {
			if f, is := Decode(from); is && f.Type == Before {
				return f.Text, lines[i+1:], true
			}
		}
	}
	return "", lines, false
}
