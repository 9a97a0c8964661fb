// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits of what a table shows. What they cut is counted in the table's note.
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
	// Note is a sentence shown below the table; may be empty.
	Note string
}

// Column is the head of a column.
type Column struct {
	Name    string
	Numeric bool // align to the right
}

// Cell is one value of a table.
type Cell struct {
	Text string
	Null bool
}

// fit cuts t to what is shown and makes every text safe to show: control
// characters and those that reorder text become visible escapes.
func (t Table) fit() Table {
	out := Table{Columns: t.Columns[:min(len(t.Columns), maxTableColumns)]}
	out.Columns = append([]Column(nil), out.Columns...)
	for i := range out.Columns {
		out.Columns[i].Name, _ = shorten(visible(out.Columns[i].Name))
	}
	size, cutCells := 0, 0
	for _, row := range t.Rows[:min(len(t.Rows), maxTableRows)] {
		if size > maxTableBytes {
			break
		}
		cells := make([]Cell, len(out.Columns))
		for i := range cells {
			if i < len(row) {
				text, cut := shorten(row[i].Text)
				cells[i] = Cell{Text: visible(text), Null: row[i].Null}
				if cut {
					cutCells++
				}
			}
			size += len(cells[i].Text) + len("<td></td>"+leftCell)
		}
		out.Rows = append(out.Rows, cells)
	}
	out.Note = t.summary(len(out.Rows), len(out.Columns), cutCells)
	return out
}

// summary tells the size of t and what of it is not shown.
func (t Table) summary(rows, columns, cutCells int) string {
	parts := []string{count(len(t.Rows), "row")}
	if rows < len(t.Rows) {
		parts = append(parts, fmt.Sprintf("the first %d are shown", rows))
	}
	if columns < len(t.Columns) {
		parts = append(parts, fmt.Sprintf("%d of %d columns are shown", columns, len(t.Columns)))
	}
	if cutCells > 0 {
		parts = append(parts, fmt.Sprintf("%s cut to %d characters", count(cutCells, "value"), maxCellRunes))
	}
	if t.Note != "" {
		parts = append(parts, visible(t.Note))
	}
	return strings.Join(parts, "; ")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func shorten(s string) (string, bool) {
	if len(s) <= maxCellRunes || utf8.RuneCountInString(s) <= maxCellRunes {
		return s, false
	}
	n := 0
	for i := range s {
		if n == maxCellRunes {
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
