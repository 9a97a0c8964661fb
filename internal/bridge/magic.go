// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/livy"
)

// magic is a first line of a cell that is meant for the kernel or for Livy's
// interpreter, not code.
type magic struct {
	sign string // "%%", "%", or "!" for a command of the shell
	name string // empty for "!"
	args string // the rest of the line, without white space around it
}

func (m magic) String() string { return m.sign + m.name }

var magicLine = lazyregexp.New(`^(%%?)([A-Za-z_][A-Za-z0-9_-]*)[ \t]*(.*)$`)

// splitMagic takes the magic off a cell: its first line, blank ones before it
// left aside. The body keeps an empty line in its place, so that the line
// numbers of an error are those that the user sees.
func splitMagic(code string) (m magic, body string, ok bool) {
	start := 0
	for {
		end := strings.IndexByte(code[start:], '\n')
		if end < 0 || strings.TrimSpace(code[start:start+end]) != "" {
			break
		}
		start += end + 1
	}
	line, rest, more := strings.Cut(code[start:], "\n")
	line = strings.TrimRight(line, " \t\r")
	if strings.HasPrefix(line, "!") {
		m = magic{sign: "!", args: strings.TrimSpace(line[1:])}
	} else if part := magicLine.Get().FindStringSubmatch(line); part != nil {
		m = magic{sign: part[1], name: part[2], args: part[3]}
	} else {
		return magic{}, code, false
	}
	if more {
		body = strings.Repeat("\n", strings.Count(code[:start], "\n")+1) + rest
	}
	return m, body, true
}

// kindOf returns the language that m gives its cell, or "".
func (m magic) kindOf() livy.Kind {
	if m.sign != "%%" {
		return ""
	}
	switch m.name {
	case "pyspark":
		return livy.KindPySpark
	case "spark", "scala":
		return livy.KindSpark
	case "sql":
		return livy.KindSQL
	case "sparkr":
		return livy.KindSparkR
	}
	return ""
}

// ofInterpreter tells the magics that Livy's own interpreters understand.
func (m magic) ofInterpreter() bool {
	return m.sign == "%" && (m.name == "json" || m.name == "table" || m.name == "matplot")
}

// bareMagic matches a magic of Livy's Python interpreter without its argument.
// It would end the interpreter, and with it every variable of the session.
var bareMagic = lazyregexp.New(`(?m)^%(json|table|matplot)[ \t\r]*$`)
