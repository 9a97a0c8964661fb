// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package complete

// Step is one step from a name to a value: the name itself, or what is done
// with the value so far.
type Step struct {
	Op   Op     `json:"op"`
	Name string `json:"name,omitempty"` // of OpName, OpAttr and OpType
}

// Op tells what a step does.
type Op string

// The steps. The arguments of a call and the index of an item are not kept:
// nothing of an expression is ever evaluated.
const (
	OpName Op = "name" // look a global name up
	OpType Op = "type" // a literal of a builtin type
	OpAttr Op = "attr" // take an attribute
	OpCall Op = "call" // call it
	OpItem Op = "item" // index it
)

// Expr is a chain of steps, such as df.groupBy("a").count. An empty one is an
// expression of another form.
type Expr []Step

// parse reads the chain that ts begins with, and returns the number of its
// tokens.
func parse(ts []token) (e Expr, n int) {
	if len(ts) == 0 {
		return nil, 0
	}
	switch t := ts[0]; {
	case t.names():
		e, n = Expr{{OpName, t.text}}, 1
	case t.sort == sortText && !t.open:
		e, n = Expr{{OpType, "str"}}, 1
	case t.is("["), t.is("{"), t.is("("):
		end := closing(ts, 0)
		if end < 0 {
			return nil, 0
		}
		e, n = display(ts[:end+1]), end+1
	}
	if e == nil {
		return nil, 0
	}
	for n < len(ts) {
		switch t := ts[n]; {
		case t.is(".") && n+1 < len(ts) && ts[n+1].sort == sortName:
			e, n = append(e, Step{OpAttr, ts[n+1].text}), n+2
		case t.is("("), t.is("["):
			end := closing(ts, n)
			if end < 0 {
				return nil, 0
			}
			step := Step{Op: OpCall}
			if t.is("[") {
				step.Op = OpItem
			}
			e, n = append(e, step), end+1
		default:
			return e, n
		}
	}
	return e, n
}

// display is what a pair of brackets and what lies within stands for.
func display(ts []token) Expr {
	switch {
	case ts[0].is("["):
		return Expr{{OpType, "list"}}
	case ts[0].is("{"):
		return nil // a set or a dict
	}
	inner := ts[1 : len(ts)-1]
	if e, n := parse(inner); n == len(inner) {
		return e
	}
	return nil
}

// whole returns the chain that ts is, or nil.
func whole(ts []token) Expr {
	if e, n := parse(ts); n == len(ts) {
		return e
	}
	return nil
}

// closing returns the index of the bracket that closes ts[open], or -1.
func closing(ts []token, open int) int {
	depth := 0
	for i := open; i < len(ts); i++ {
		switch t := ts[i]; {
		case t.is("("), t.is("["), t.is("{"):
			depth++
		case t.is(")"), t.is("]"), t.is("}"):
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// before returns the chain that ends where ts does.
func before(ts []token) Expr {
	start := len(ts)
	for i := len(ts) - 1; i >= 0; {
		t := ts[i]
		switch {
		case t.names(), t.sort == sortName && i > 0 && ts[i-1].is("."):
			start = i
			if i < 2 || !ts[i-1].is(".") {
				return whole(ts[start:])
			}
			i -= 2
		case t.is(")"), t.is("]"):
			open := opening(ts, i)
			if open < 0 {
				return nil
			}
			start = open
			if open == 0 || !subject(ts[open-1]) {
				return whole(ts[start:])
			}
			i = open - 1
		case t.sort == sortText && !t.open:
			return whole(ts[i:])
		default:
			return nil
		}
	}
	return whole(ts[start:])
}

// subject reports whether a bracket behind t calls or indexes it.
func subject(t token) bool {
	return t.names() || t.is(")") || t.is("]") || t.sort == sortText
}

// opening returns the index of the bracket that ts[end] closes, or -1.
func opening(ts []token, end int) int {
	depth := 0
	for i := end; i >= 0; i-- {
		switch t := ts[i]; {
		case t.is(")"), t.is("]"), t.is("}"):
			depth++
		case t.is("("), t.is("["), t.is("{"):
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}
