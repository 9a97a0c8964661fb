// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"html"
	"strings"
)

// style is the look of a table where the front-end keeps it. Colours are those
// of the theme: JupyterLab's, VS Code's, else the page's own, so that a table
// reads in a light theme and in a dark one. A front-end that drops it (a
// notebook that is not trusted, a web view) shows a plain table by the class
// that all of them know.
const style = `<style>
.livy-table{max-height:40em;overflow:auto}
.livy-table table{width:max-content;table-layout:auto}
.livy-table td{white-space:pre-wrap;overflow-wrap:anywhere;min-width:2em;max-width:40em;font-variant-numeric:tabular-nums}
.livy-table thead th{position:sticky;top:0;background:var(--jp-layout-color0,var(--vscode-editor-background,Canvas))}
.livy-table small,.livy-table em,.livy-table+p{color:var(--jp-ui-font-color2,var(--vscode-descriptionForeground,inherit));font-weight:normal}
</style>
`

// Markup of rows and cells. Rows are right-aligned, as JupyterLab and nbconvert
// have it anyway, and cells of text to the left: the shorter markup for numbers.
const (
	openRow  = `<tr style="text-align: right">`
	leftCell = ` style="text-align: left"`
	// cellOverhead is the markup of a cell, in bytes.
	cellOverhead = len("<td></td>" + leftCell)
	// maxShownRunes is how much of a value stands in its cell; the whole of it
	// is its title, which a front-end shows under the pointer.
	maxShownRunes = 200
)

// HTML returns t as an HTML table.
func (t Table) HTML() string {
	t = t.fit()
	var b strings.Builder
	b.WriteString(style + "<div class=\"livy-table\">\n<table border=\"1\" class=\"dataframe\">\n<thead>\n" + openRow)
	for _, c := range t.Columns {
		b.WriteString("<th" + c.attributes() + ">" + htmlText(c.Name))
		if c.Type != "" {
			b.WriteString("<br><small>" + html.EscapeString(visible(c.Type)) + "</small>")
		}
		b.WriteString("</th>")
	}
	b.WriteString("</tr>\n</thead>\n<tbody>\n")
	for _, row := range t.Rows {
		b.WriteString(openRow)
		for i, cell := range row {
			cell.writeHTML(&b, t.Columns[i].attributes())
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody>\n</table>\n</div>\n")
	if t.Note != "" {
		b.WriteString("<p>" + htmlText(t.Note) + "</p>")
	}
	return b.String()
}

func (c Cell) writeHTML(b *strings.Builder, attributes string) {
	b.WriteString("<td" + attributes)
	text, cut := shorten(c.Text, maxShownRunes)
	if cut {
		b.WriteString(` title="` + strings.ReplaceAll(html.EscapeString(c.Text), "\n", "&#10;") + `"`)
	}
	b.WriteByte('>')
	if c.Null {
		b.WriteString("<em>NULL</em>")
	} else {
		b.WriteString(htmlText(text))
	}
	b.WriteString("</td>")
}

func (c Column) attributes() string {
	if c.Numeric() {
		return ""
	}
	return leftCell
}

func htmlText(s string) string {
	return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>")
}
