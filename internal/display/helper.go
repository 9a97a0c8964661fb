// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package display

import (
	_ "embed" // for the helper
	"strconv"
	"strings"
)

// The Python helper, in parts that make one module.
var (
	//go:embed publish.py
	publishPart string
	//go:embed table.py
	tablePart string
	//go:embed objects.py
	objectsPart string
	//go:embed figures.py
	figuresPart string
	//go:embed ties.py
	tiesPart string
	//go:embed live.py
	livePart string
)

// module is the name under which Python keeps the helper.
const module = "livy_kernel_display"

// Python returns the statement that gives the helper to a Python interpreter,
// whose frames begin with nonce from then on, or with that of the kernel that
// was there first: then it sends a [Nonce]. It leaves no name behind.
func Python(nonce string) string {
	return statement(`
def _livy_kernel_display(source, nonce):
    import sys, types
    module = sys.modules.get("`+module+`")
    if module is None:
        module = types.ModuleType("`+module+`")
        exec(compile(source, "<display>", "exec"), module.__dict__)
        sys.modules["`+module+`"] = module
    module.start(nonce)


try:
    _livy_kernel_display(SOURCE, NONCE)
finally:
    del _livy_kernel_display
`, shorter(publishPart, tablePart, objectsPart, figuresPart, tiesPart), nonce)
}

// Live returns the statement by which what cells print comes in the session's
// log too, while they run, as [Printed] reads it. The helper is there already.
func Live() string {
	return statement(`
def _livy_kernel_live(source):
    import sys
    module = sys.modules["`+module+`"]
    if not hasattr(module, "go_live"):
        exec(compile(source, "<display>", "exec"), module.__dict__)
    module.go_live()


try:
    _livy_kernel_live(SOURCE)
finally:
    del _livy_kernel_live
`, shorter(livePart), "")
}

// statement puts the literals of source and nonce into the code of a frame,
// in one piece of memory: this is the largest text that most notebooks send.
func statement(frame, source, nonce string) string {
	before, after, _ := strings.Cut(frame, "SOURCE")
	code := make([]byte, 0, len(frame)+len(source)+len(source)/8+len(nonce)) // an eighth for escapes
	code = strconv.AppendQuoteToASCII(append(code, before...), source)
	if middle, end, found := strings.Cut(after, "NONCE"); found {
		code = strconv.AppendQuoteToASCII(append(code, middle...), nonce)
		after = end
	}
	return string(append(code, after...))
}

// shorter joins parts without the lines that say nothing to Python.
func shorter(parts ...string) string {
	size := 0
	for _, part := range parts {
		size += len(part)
	}
	var source strings.Builder
	source.Grow(size)
	for _, part := range parts {
		for line := range strings.Lines(part) {
			if line != "\n" && line[0] != '#' {
				source.WriteString(line)
			}
		}
	}
	return source.String()
}

// Fetch returns the statement that sends the next part of a stored output.
func Fetch(key int) string {
	return `__import__("sys").modules["` + module + `"].fetch(` + strconv.Itoa(key) + `)`
}

// Flush returns the statement that shows the figures left open, for an
// interpreter that does not tell the helper of the end of a cell.
func Flush() string { return `__import__("sys").modules["` + module + `"].end_cell()` }

//go:embed helper.scala
var scala string

// Scala returns the code that gives a Scala interpreter display and
// displayHTML, whose frames begin with nonce.
func Scala(nonce string) string {
	return definition(scala, "NONCE", strconv.QuoteToASCII(nonce))
}
