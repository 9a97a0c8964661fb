// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"strconv"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
)

// sqlPlace matches where Spark sees an error in a statement: lines from 1,
// columns from 0.
var sqlPlace = lazyregexp.New(`[;.]? ?\(?line (\d+),? pos (\d+)\)?`)

// sqlContext matches how Spark shows which part of a statement failed while it
// ran: the line, and marks below it. Their columns count, since versions of Spark
// do not agree on the number of the first one.
var sqlContext = lazyregexp.New(`(?m)^== SQL ?\(line (\d+), position \d+\) ==\n(.*)\n( *)(\^+)\n?`)

// sql lays out an error of SQL, with a caret in the cell where Spark names the
// place. The statement that Spark repeats is left out then: it is the cell.
func (f *folder) sql(name, value, text string) {
	said, repeated, _ := strings.Cut(value, "\n== SQL ==\n")
	lines, marked := f.message(said), []string(nil)
	if place := sqlPlace.Get().FindStringSubmatch(said); place != nil {
		line, err := strconv.Atoi(place[1])
		column, err2 := strconv.Atoi(place[2])
		if err == nil && err2 == nil {
			marked = pointed(f.source.Code, line, column, 1)
		}
	} else if part := sqlContext.Get().FindStringSubmatchIndex(said); part != nil {
		line, err := strconv.Atoi(said[part[2]:part[3]])
		if err == nil && f.source.line(line) == said[part[4]:part[5]] {
			marked = pointed(f.source.Code, line, part[7]-part[6], part[9]-part[8])
			lines = f.message(said[:part[0]] + said[part[1]:])
		}
	}
	switch {
	case marked != nil:
		for i := range lines {
			lines[i] = sqlPlace.Get().ReplaceAllString(lines[i], "")
		}
		marked = append([]string{""}, marked...)
	case repeated != "":
		marked = strings.Split("\n"+strings.Trim(repeated, "\n"), "\n")
	}
	for len(lines) > 1 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	switch {
	case name != "Error": // it ran as Python, for its options
		lines[0] = red(name) + ": " + lines[0]
	case lines[0] != "":
		lines[0] = red(lines[0])
	}
	f.show(lines...)
	f.show(marked...)
	if text = strings.Trim(text, "\n"); text != "" {
		f.hidden += strings.Count(text, "\n") + 1
	}
}
