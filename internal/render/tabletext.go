// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"strings"
)

// maxPadding bounds the width that a column is padded to: one long value must
// not blow up every row. Longer values are whole, their lines shifted.
const maxPadding = 60

var textEscapes = strings.NewReplacer("\n", `\n`, "\t", `\t`)

// Text returns t in the form of Spark's own show.
func (t Table) Text() string {
	t = t.fit()
	widths := make([]int, len(t.Columns))
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = textEscapes.Replace(c.Name)
		widths[i] = width(head[i])
	}
	rows := make([][]string, len(t.Rows))
	for r, row := range t.Rows {
		rows[r] = make([]string, len(row))
		for i, cell := range row {
			text := textEscapes.Replace(cell.Text)
			if cell.Null {
				text = "NULL"
			}
			rows[r][i] = text
			widths[i] = max(widths[i], width(text))
		}
	}
	for i := range widths {
		widths[i] = min(widths[i], maxPadding)
	}
	var b strings.Builder
	rule := func() {
		for _, w := range widths {
			b.WriteString("+" + strings.Repeat("-", w))
		}
		b.WriteString("+\n")
	}
	line := func(cells []string) {
		for i, text := range cells {
			b.WriteByte('|')
			pad := strings.Repeat(" ", max(0, widths[i]-width(text)))
			if t.Columns[i].Numeric() {
				b.WriteString(pad + text)
			} else {
				b.WriteString(text + pad)
			}
		}
		b.WriteString("|\n")
	}
	rule()
	line(head)
	rule()
	for _, row := range rows {
		line(row)
	}
	rule()
	b.WriteString(t.Note)
	return b.String()
}
