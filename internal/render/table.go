// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of what a table shows. What they cut is counted below the table.
const (
	maxTableRows    = 1000
	maxTableColumns = 100
	maxCellRunes    = 1000
	maxTableBytes   = 1 << 20
)

// Table is a table that the kernel builds. Its texts may come from anywhere:
// HTML and Text escape them.
type Table struct {
	Columns []Column
	Rows    [][]Cell
	// Total is the number of rows of which Rows are the first; 0 where Rows are
	// all of them, or where it is not known.
	Total int
	// More tells that there are more rows than Rows, their number unknown.
	More bool
	// Zone is the time zone of the timestamps; empty where they tell it themselves.
	Zone string
	// Note is a sentence shown below the table; may be empty.
	Note string
}

// Cell is one value of a table.
type Cell struct {
	Text string
	Null bool
}

// NewTable returns the table of a schema, which is the JSON that Spark makes of
// a StructType, and of rows, each an array of values by position. ok is false
// where the schema is none.
func NewTable(schema json.RawMessage, rows [][]json.RawMessage) (t Table, ok bool) {
	var head struct {
		Type   string `json:"type"`
		Fields []struct {
			Name string          `json:"name"`
			Type json.RawMessage `json:"type"`
		} `json:"fields"`
	}
	if json.Unmarshal(schema, &head) != nil || head.Type != "struct" {
		return Table{}, false
	}
	for _, f := range head.Fields {
		t.Columns = append(t.Columns, newColumn(f.Name, f.Type))
	}
	t.fill(rows)
	return t, true
}

// fill sets the rows from JSON.
func (t *Table) fill(data [][]json.RawMessage) {
	t.Rows = make([][]Cell, len(data))
	for r, values := range data {
		t.Rows[r] = make([]Cell, len(values))
		for i, v := range values {
			switch {
			case i < len(t.Columns) && t.Columns[i].Type == "binary":
				t.Rows[r][i] = binaryCell(v)
			case i < len(t.Columns) && t.Columns[i].Type == "float":
				t.Rows[r][i] = floatCell(v)
			default:
				t.Rows[r][i] = newCell(v)
			}
		}
	}
}

// fit cuts t to what is shown and makes every text safe to show: control
// characters and those that reorder text become visible escapes.
func (t Table) fit() Table {
	out := Table{Columns: slices.Clone(t.Columns[:min(len(t.Columns), maxTableColumns)])}
	for i := range out.Columns {
		out.Columns[i].Name, _ = shorten(visible(out.Columns[i].Name), maxCellRunes)
	}
	size, cutCells := 0, 0
	for _, row := range t.Rows[:min(len(t.Rows), maxTableRows)] {
		if size > maxTableBytes {
			break
		}
		cells := make([]Cell, len(out.Columns))
		for i := range cells {
			if i < len(row) {
				text, cut := shorten(row[i].Text, maxCellRunes)
				cells[i] = Cell{Text: visible(text), Null: row[i].Null}
				if cut {
					cutCells++
				}
			}
			size += len(cells[i].Text) + cellOverhead
		}
		out.Rows = append(out.Rows, cells)
	}
	out.Note = t.summary(len(out.Rows), len(out.Columns), cutCells)
	return out
}

// summary tells the size of t and what of it is not shown.
func (t Table) summary(rows, columns, cutCells int) string {
	known, all := len(t.Rows), max(t.Total, len(t.Rows))
	size := count(all, "row")
	switch {
	case rows < known && t.More: // what Livy cut, we cut again
		size = fmt.Sprintf("first %s of more than %s", number(rows), count(known, "row"))
	case rows < all:
		size = fmt.Sprintf("first %s of %s", number(rows), size)
	case t.More:
		size = "first " + size
	}
	var parts []string
	if t.typed() || rows < all || t.More || columns < len(t.Columns) || cutCells > 0 { // else it is a list of the kernel's own
		parts = append(parts, size+" × "+count(len(t.Columns), "column"))
	}
	if t.More && rows == known {
		parts = append(parts, "there are more")
	}
	if columns < len(t.Columns) {
		parts = append(parts, fmt.Sprintf("the first %d columns are shown", columns))
	}
	if cutCells > 0 {
		parts = append(parts, fmt.Sprintf("%s cut to %s characters", count(cutCells, "value"), number(maxCellRunes)))
	}
	if t.Zone != "" {
		parts = append(parts, "times in "+visible(t.Zone))
	}
	if t.Note != "" {
		parts = append(parts, visible(t.Note))
	}
	return strings.Join(parts, "; ")
}

// typed reports whether t is a result of Spark, whose columns have types.
func (t Table) typed() bool { return len(t.Columns) > 0 && t.Columns[0].Type != "" }

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return number(n) + " " + noun + "s"
}

// number writes n with a comma between each three digits.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// shorten cuts s to limit characters.
func shorten(s string, limit int) (short string, cut bool) {
	if len(s) <= limit || utf8.RuneCountInString(s) <= limit {
		return s, false
	}
	n := 0
	for i := range s {
		if n == limit {
			return s[:i] + "…", true
		}
		n++
	}
	return s, false
}

// visible writes control characters and those that reorder text as \u escapes,
// newline and tab excepted.
func visible(s string) string {
	if clean(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t':
			b.WriteRune(r)
		case r < 0x20 || r >= 0x7f && r <= 0x9f || isBidi(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
