// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
)

const (
	mimeText = "text/plain"
	mimeHTML = "text/html"
)

// Content is what a notebook shows of a statement that succeeded.
type Content struct {
	Stdout string            // empty, or printed text that ends with a newline
	Value  kernel.MIMEBundle // nil for none; otherwise holds text/plain
}

// Output returns what to show of out, whose Status is "ok".
//
// Livy sends what the code printed and the value of its last expression in one
// text/plain, and does not tell them apart. It is shown as printed text: that
// reads right in every client, in an export and in a terminal, while output
// that was printed reads wrong behind an "Out[1]:".
func Output(out livy.Output) Content {
	var c Content
	text := plainText(out.Data[mimeText])
	value := make(kernel.MIMEBundle)
	printed := true
	for mime, raw := range out.Data {
		switch {
		case mime == mimeText:
		case !strings.Contains(mime, "/"): // a bundle's keys are MIME types
		case mime == mimeJSON || mime == mimeLivyTable:
			addData(value, mime, raw)
		case mime == "image/png":
			value[mime] = raw
		default:
			// No interpreter of Apache Livy sends other types; a server that
			// does sends text/plain as their stand-in.
			value[mime] = raw
			printed = false
		}
	}
	if printed || len(value) == 0 {
		c.Stdout = endLine(overwritten(Stream(text)))
	} else if text != "" {
		value[mimeText] = jsonString(Stream(text))
	}
	if len(value) == 0 {
		return c
	}
	if _, ok := value[mimeText]; !ok {
		value[mimeText] = jsonString(standIn(value))
	}
	c.Value = value
	return c
}

// addData adds JSON data to value, as a table where it is one. The JSON of a
// table is left out: JupyterLab would show it in place of the table.
func addData(value kernel.MIMEBundle, mime string, raw json.RawMessage) {
	t, ok := sqlResult(raw)
	if mime == mimeLivyTable {
		t, ok = livyTable(raw)
	}
	switch {
	case !ok:
		value[mime] = raw
	case len(t.Columns) > 0: // a statement without a result has none
		for m, data := range t.Bundle() {
			value[m] = data
		}
	}
}

// Bundle returns t as HTML, as text, and as data for viewers.
func (t Table) Bundle() kernel.MIMEBundle {
	bundle := HTML(t.HTML(), t.Text())
	if data := t.fit().dataResource(); data != nil {
		bundle[mimeDataResource] = data
	}
	return bundle
}

// Text returns a bundle of plain text.
func Text(s string) kernel.MIMEBundle { return kernel.MIMEBundle{mimeText: jsonString(s)} }

// standIn is the plain text of a value that has none: its JSON, or its type.
func standIn(value kernel.MIMEBundle) string {
	if raw, ok := value[mimeJSON]; ok {
		return unfold(raw, 0)
	}
	return "<" + strings.Join(slices.Sorted(maps.Keys(value)), ", ") + ">"
}

// plainText reads the text of text/plain; a server that sends anything but a
// string there has its JSON shown.
func plainText(raw json.RawMessage) string {
	if len(raw) == 0 || string(raw) == "null" {
		return ""
	}
	if s, ok := textOf(raw); ok {
		return s
	}
	return string(raw)
}

// endLine ends s with a newline unless it is empty. Texts of Scala end with
// one already; Livy has stripped it off those of Python.
func endLine(s string) string {
	if s == "" || strings.HasSuffix(s, "\n") {
		return s
	}
	return s + "\n"
}

// HTML returns a bundle of markup and the text that stands for it.
func HTML(markup, text string) kernel.MIMEBundle {
	return kernel.MIMEBundle{mimeHTML: jsonString(markup), mimeText: jsonString(text)}
}
