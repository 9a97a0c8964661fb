// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package complete knows what can stand at a place in a cell, and what a name
// there means, from the text of the notebook alone: the words of the languages,
// PySpark's classes, and what the cells define. It evaluates nothing and asks
// nobody. What the running session knows beside that is the bridge's to ask;
// the questions are made of what is found here.
package complete

import (
	"strings"
	"unicode/utf8"
)

// Place is what stands before a cursor in Python.
type Place struct {
	Prefix     string // the beginning of a name, or of a string, before the cursor
	Start, End int    // of the prefix, in code points
	Nowhere    bool   // in a comment, a number or a string that names nothing
	Member     bool   // behind a dot: an attribute of Of
	Module     string // within "from Module import": one of its names
	Of         Expr
	Strings    []Expr // in a string: values whose items or columns it may name, the nearest first
}

// PlaceIn finds the place of a cursor, in code points, in Python code.
func PlaceIn(code string, cursor int) Place {
	text := code[:byteOffset(code, cursor)]
	ts := tokens(text)
	p := Place{Start: cursor, End: cursor}
	if len(ts) == 0 {
		return p
	}
	switch last := ts[len(ts)-1]; {
	case last.open:
		quotes := textPrefix(last.text)
		quotes += len(last.text[quotes:]) - len(strings.TrimLeft(last.text[quotes:], last.text[quotes:quotes+1]))
		p.Prefix = last.text[quotes:]
		p.Strings = enclosing(ts[:len(ts)-1])
		p.Nowhere = len(p.Strings) == 0 || strings.ContainsAny(p.Prefix, "\\\n")
		ts = nil
	case last.sort == sortComment || last.sort == sortNumber && last.to == len(text):
		p.Nowhere = true
		return p
	case last.sort == sortName && last.to == len(text):
		p.Prefix, ts = last.text, ts[:len(ts)-1]
	}
	p.Start = cursor - utf8.RuneCountInString(p.Prefix)
	if len(ts) > 0 && ts[len(ts)-1].is(".") {
		p.Member, p.Of = true, before(ts[:len(ts)-1])
	}
	p.Module = importing(ts)
	return p
}

// enclosing returns the values whose brackets are open at the end of ts: what
// is indexed, and that whose method is called.
func enclosing(ts []token) []Expr {
	var found []Expr
	for _, open := range unclosed(ts) {
		e := before(ts[:open])
		if n := len(e); n > 1 && ts[open].is("(") && e[n-1].Op == OpAttr {
			found = append(found, e[:n-1])
		} else if n > 0 && ts[open].is("[") {
			found = append(found, e)
		}
	}
	return found
}

// unclosed returns the indices of the brackets that are open at the end of ts,
// the innermost first.
func unclosed(ts []token) []int {
	var open []int
	depth := 0
	for i := len(ts) - 1; i >= 0 && len(open) < maxNesting; i-- {
		switch t := ts[i]; {
		case t.is(")"), t.is("]"), t.is("}"):
			depth++
		case t.is("("), t.is("["), t.is("{"):
			if depth == 0 {
				open = append(open, i)
			} else {
				depth--
			}
		}
	}
	return open
}

// maxNesting is how many brackets around a cursor are looked at.
const maxNesting = 8

// importing returns the module of the import statement that ts ends within.
func importing(ts []token) string {
	at := len(ts) - 1
	for at >= 0 && (ts[at].names() || ts[at].is(",") || ts[at].is("(") || ts[at].is("*") || ts[at].text == "as") {
		at--
	}
	if at < 1 || ts[at].text != "import" {
		return ""
	}
	module, from := "", at-1
	for from >= 0 && (ts[from].is(".") || ts[from].names()) {
		module = ts[from].text + module
		from--
	}
	if from < 0 || ts[from].text != "from" {
		return ""
	}
	return module
}

// Subject returns what an inspection at the cursor is about: the name there
// with what stands before it, else what is being called there.
func Subject(code string, cursor int) Expr {
	at := byteOffset(code, cursor)
	end := at + nameLength(code[at:])
	ts := tokens(code[:end])
	if n := len(ts); n > 0 && ts[n-1].sort == sortName && ts[n-1].to == end {
		return before(ts)
	}
	if n := len(ts); n > 0 && (ts[n-1].open || ts[n-1].sort == sortComment) {
		ts = ts[:n-1]
	}
	for _, open := range unclosed(ts) {
		if e := before(ts[:open]); len(e) > 0 && ts[open].is("(") {
			return e
		}
	}
	return nil
}

// byteOffset returns the byte offset of the code point with that number.
func byteOffset(code string, point int) int {
	for i := range code {
		if point <= 0 {
			return i
		}
		point--
	}
	return len(code)
}
