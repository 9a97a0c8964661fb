// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package complete

import (
	"slices"
	"strings"
)

// name is what a cell binds a name to.
type name struct {
	text  string // the line that binds it, as far as it tells what it is
	value value
}

// names are those that the cells of a notebook bind, in one language.
type names map[string]name

// learnPython adds what Python code binds at its top level. Names of functions'
// and classes' own are left aside.
func (ns names) learnPython(code string) {
	inner := -1 // indentation of the function or class whose body is passed over
	for _, line := range logicalLines(tokens(code)) {
		indent := indentation(code, line[0].from)
		if inner >= 0 && indent > inner {
			continue
		}
		inner = -1
		for _, s := range statements(line) {
			if ns.statement(code, s) {
				inner = indent
				break
			}
		}
	}
}

// logicalLines cuts tokens at their newlines; none is empty.
func logicalLines(ts []token) [][]token {
	var lines [][]token
	start := 0
	for i := 0; i <= len(ts); i++ {
		if i < len(ts) && ts[i].sort != sortNewline {
			continue
		}
		if i > start {
			lines = append(lines, ts[start:i])
		}
		start = i + 1
	}
	return lines
}

// indentation returns the number of bytes between code[at] and the line's begin.
func indentation(code string, at int) int { return at - strings.LastIndexByte(code[:at], '\n') - 1 }

// statements cuts a line at its semicolons, and behind the colon of what opens
// a block.
func statements(line []token) [][]token {
	var out [][]token
	start, depth := 0, 0
	for i, t := range line {
		switch {
		case t.is("("), t.is("["), t.is("{"):
			depth++
		case t.is(")"), t.is("]"), t.is("}"):
			depth--
		case depth == 0 && (t.is(";") || t.is(":") && slices.Contains(blockWords, line[start].text)):
			if i > start {
				out = append(out, line[start:i])
			}
			start = i + 1
		}
	}
	if start < len(line) {
		out = append(out, line[start:])
	}
	return out
}

// statement learns from one statement, and reports whether it begins the body
// of a function or class.
func (ns names) statement(code string, s []token) (body bool) {
	head := s[0].text
	if head == "async" && len(s) > 1 {
		s = s[1:]
		head = s[0].text
	}
	rest := s[1:]
	switch {
	case (head == "def" || head == "class") && len(rest) > 0:
		if rest[0].names() {
			ns[rest[0].text] = name{text: oneLine(code[s[0].from:s[len(s)-1].to])}
		}
		return true
	case head == "import":
		ns.imports(rest, "")
	case head == "from":
		ns.importsFrom(rest)
	case head == "del":
		for _, t := range rest {
			delete(ns, t.text)
		}
	case head == "for":
		if i := slices.IndexFunc(rest, func(t token) bool { return t.text == "in" }); i > 0 {
			ns.bind(rest[:i], name{text: "for loop variable"})
		}
	case head == "with":
		for i, t := range rest {
			if t.text == "as" && i+1 < len(rest) {
				ns.bind(rest[i+1:i+2], name{text: oneLine(code[s[0].from:s[len(s)-1].to])})
			}
		}
	default:
		ns.assign(code, s)
	}
	return false
}

// assign learns from an assignment.
func (ns names) assign(code string, s []token) {
	var targets [][]token
	start, depth := 0, 0
	for i, t := range s {
		switch {
		case t.is("("), t.is("["), t.is("{"):
			depth++
		case t.is(")"), t.is("]"), t.is("}"):
			depth--
		case depth == 0 && t.is("="):
			targets = append(targets, s[start:i])
			start = i + 1
		}
	}
	bound := name{value: ns.value(whole(s[start:])), text: oneLine(code[s[0].from:s[len(s)-1].to])}
	for _, target := range targets {
		if i := slices.IndexFunc(target, func(t token) bool { return t.is(":") }); i == 1 {
			target = target[:1] // an annotation
		}
		ns.bind(target, bound)
	}
}

// bind binds the names of a target. Of more than one the value is not known.
func (ns names) bind(target []token, to name) {
	if len(target) > 1 {
		to.value = value{}
	}
	for i, t := range target {
		follows := subject(t) && i+1 < len(target) && (target[i+1].is(".") || target[i+1].is("[") || target[i+1].is("("))
		switch {
		case follows, t.is("."), t.is("[") && i > 0 && subject(target[i-1]):
			return // an attribute or an item binds nothing
		case t.names() && len(ns) < maxNames:
			ns[t.text] = to
		}
	}
}

// maxNames bounds what is remembered of a notebook.
const maxNames = 5000

// value returns what is known of the value of an expression.
func (ns names) value(e Expr) value {
	m, v := pyspark(), value{}
	for _, step := range e {
		switch step.Op {
		case OpName:
			if bound, ok := ns[step.Name]; ok {
				v = bound.value
			} else {
				v = m.attribute(value{class: "session"}, step.Name)
			}
		case OpType:
			v = value{class: step.Name}
		case OpAttr:
			v = m.attribute(v, step.Name)
		case OpCall:
			v = value{class: v.calls}
		case OpItem:
			v = m.item(v)
		}
	}
	return v
}

// oneLine is text on one line, of bounded length.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > maxLine {
		return string(r[:maxLine]) + " …"
	}
	return text
}

const maxLine = 200
