// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

const (
	mimeDataResource = "application/vnd.dataresource+json"
	// maxDataBytes bounds the data for viewers: a notebook's file holds it
	// beside the table that everybody sees.
	maxDataBytes = 256 << 10
	// maxExact is the largest integer that JavaScript, in which viewers are
	// written, holds exactly.
	maxExact = 1<<53 - 1
)

// field is a column in the words of the Table Schema specification.
type field struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// dataResource returns t as tabular data for viewers; nil where it has no types
// or is large. JupyterLab has no renderer for it of its own and shows the HTML.
func (t Table) dataResource() json.RawMessage {
	if !t.typed() {
		return nil
	}
	var fields []field
	taken := make(map[string]bool)
	for i, c := range t.Columns {
		name := c.Name
		for n := 2; taken[name]; n++ { // Spark lets two columns share a name
			name = c.Name + " (" + strconv.Itoa(n) + ")"
		}
		taken[name] = true
		fields = append(fields, field{Name: name, Type: t.schemaType(i)})
	}
	head, err := json.Marshal(fields)
	if err != nil {
		return nil
	}
	var b bytes.Buffer
	b.WriteString(`{"schema":{"fields":`)
	b.Write(head)
	b.WriteString(`},"data":[`)
	for r, row := range t.Rows {
		if r > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('{')
		for i, cell := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			b.Write(jsonString(fields[i].Name))
			b.WriteByte(':')
			b.Write(cell.data(fields[i].Type))
		}
		b.WriteByte('}')
		if b.Len() > maxDataBytes {
			return nil
		}
	}
	b.WriteString("]}")
	return b.Bytes()
}

// schemaType is the type that a viewer may take column i for without changing
// a value of it. Decimals stay texts.
func (t Table) schemaType(i int) string {
	c := t.Columns[i]
	allowed := "string"
	switch {
	case c.integer():
		allowed = "integer"
	case c.Type == "float" || c.Type == "double":
		allowed = "number"
	case c.Type == "boolean":
		allowed = "boolean"
	}
	for _, row := range t.Rows {
		if !row[i].Null && !row[i].fits(allowed) {
			return "string"
		}
	}
	return allowed
}

func (c Cell) fits(schemaType string) bool {
	switch schemaType {
	case "integer":
		n, err := strconv.ParseInt(c.Text, 10, 64)
		return err == nil && n <= maxExact && n >= -maxExact
	case "number":
		return json.Valid([]byte(c.Text)) && strings.IndexByte("-0123456789", c.Text[0]) >= 0
	case "boolean":
		return c.Text == "true" || c.Text == "false"
	}
	return true
}

// data is the cell as JSON of a type that it fits.
func (c Cell) data(schemaType string) json.RawMessage {
	switch {
	case c.Null:
		return json.RawMessage("null")
	case schemaType == "string":
		return jsonString(c.Text)
	}
	return json.RawMessage(c.Text)
}
