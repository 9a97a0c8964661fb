// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package display

import (
	_ "embed" // for the helper
	"regexp"
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
	source := strings.Join([]string{publishPart, tablePart, objectsPart, figuresPart, tiesPart}, "\n")
	return strings.NewReplacer("SOURCE", strconv.QuoteToASCII(shorter(source)), "NONCE", strconv.QuoteToASCII(nonce)).Replace(`
def _livy_kernel_display(source, nonce):
    import sys, types
    module = sys.modules.get("` + module + `")
    if module is None:
        module = types.ModuleType("` + module + `")
        exec(compile(source, "<display>", "exec"), module.__dict__)
        sys.modules["` + module + `"] = module
    module.start(nonce)


try:
    _livy_kernel_display(SOURCE, NONCE)
finally:
    del _livy_kernel_display
`)
}

// Live returns the statement by which what cells print comes in the session's
// log too, while they run, as [Printed] reads it. The helper is there already.
func Live() string {
	return strings.Replace(`
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
`, "SOURCE", strconv.QuoteToASCII(shorter(livePart)), 1)
}

// shorter leaves out the lines that say nothing to Python.
func shorter(source string) string {
	return regexp.MustCompile(`(?m)^(#.*)?\n`).ReplaceAllString(source, "")
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
	_, code, _ := strings.Cut(scala, "\nobject")
	return strings.Replace("object"+code, "NONCE", strconv.QuoteToASCII(nonce), 1)
}
