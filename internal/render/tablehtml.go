// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"html"
	"strings"
)

// Markup of rows and cells: constants, so that nothing of the data reaches an
// attribute. Rows are right-aligned, as JupyterLab and nbconvert have it
// anyway, and cells of text to the left: the shorter markup for numbers.
const (
	openRow  = `<tr style="text-align: right">`
	leftCell = ` style="text-align: left"`
)

// HTML returns t as an HTML table. The class is the one that notebook
// front-ends style.
func (t Table) HTML() string {
	t = t.fit()
	var b strings.Builder
	b.WriteString("<table border=\"1\" class=\"dataframe\">\n<thead>\n" + openRow)
	for _, c := range t.Columns {
		b.WriteString("<th" + c.attributes() + ">" + htmlText(c.Name) + "</th>")
	}
	b.WriteString("</tr>\n</thead>\n<tbody>\n")
	for _, row := range t.Rows {
		b.WriteString(openRow)
		for i, cell := range row {
			b.WriteString("<td" + t.Columns[i].attributes() + ">")
			if cell.Null {
				b.WriteString("<em>NULL</em>")
			} else {
				b.WriteString(htmlText(cell.Text))
			}
			b.WriteString("</td>")
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody>\n</table>\n<p>" + htmlText(t.Note) + "</p>")
	return b.String()
}

func (c Column) attributes() string {
	if c.Numeric {
		return ""
	}
	return leftCell
}

func htmlText(s string) string {
	return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>")
}
