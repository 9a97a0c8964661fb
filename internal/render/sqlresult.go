// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"encoding/json"
	"fmt"
	"strings"
)

// sqlRowLimit is livy.rsc.sql.num-rows as Livy ships it: a SQL statement
// returns no more rows, and does not say so.
const sqlRowLimit = 1000

// MIME types that hold a table.
const (
	mimeJSON      = "application/json"
	mimeLivyTable = "application/vnd.livy.table.v1+json"
)

// sqlResult reads the result of a SQL statement, the JSON {"schema", "data"}
// with rows as arrays. "more", "zone" and "nan" are our own words, by which a
// result that we asked for tells that it was cut, and in which time zone its
// times are, and the embedded Spark that it tells NaN from null.
func sqlResult(raw json.RawMessage) (Table, bool) {
	var result struct {
		Schema json.RawMessage     `json:"schema"`
		Data   [][]json.RawMessage `json:"data"`
		More   bool                `json:"more"`
		Zone   string              `json:"zone"`
		NaN    bool                `json:"nan"`
	}
	if json.Unmarshal(raw, &result) != nil || result.Data == nil {
		return Table{}, false
	}
	t, ok := NewTable(result.Schema, result.Data)
	t.More, t.Zone = result.More, result.Zone
	if !result.NaN {
		notANumber(&t, result.Schema)
	}
	if ok && len(t.Rows) == sqlRowLimit && !t.More {
		if t.Note != "" {
			t.Note += "; "
		}
		t.Note += fmt.Sprintf("Livy returns %s rows at most and does not tell whether there are more (use LIMIT, or count them)", number(sqlRowLimit))
	}
	return t, ok
}

// notANumber shows what Livy's SQL sends for NaN, which is null: where a column
// has no nulls it is NaN, where it may have some a note says so.
func notANumber(t *Table, schema json.RawMessage) {
	var head struct {
		Fields []struct {
			Nullable *bool `json:"nullable"`
		} `json:"fields"`
	}
	if json.Unmarshal(schema, &head) != nil {
		return
	}
	for i, field := range head.Fields[:min(len(head.Fields), len(t.Columns))] {
		if c := t.Columns[i]; field.Nullable == nil || c.Type != "double" && c.Type != "float" {
			continue
		}
		for _, row := range t.Rows {
			switch {
			case i >= len(row) || !row[i].Null:
			case *field.Nullable:
				t.Note = "a NULL of type " + t.Columns[i].Type + " may be NaN, which Livy's SQL does not tell; %%sql --limit 1000 does"
			default:
				row[i] = Cell{Text: "NaN"}
			}
		}
	}
}

// livyTable reads what the magic %table of Livy's interpreters returns.
func livyTable(raw json.RawMessage) (Table, bool) {
	var result struct {
		Headers []struct {
			Name string `json:"name"`
			Type string `json:"type"`
		} `json:"headers"`
		Data [][]json.RawMessage `json:"data"`
	}
	if json.Unmarshal(raw, &result) != nil || result.Headers == nil || result.Data == nil {
		return Table{}, false
	}
	var t Table
	for _, h := range result.Headers {
		t.Columns = append(t.Columns, Column{Name: h.Name, Type: strings.ToLower(strings.TrimSuffix(h.Type, "_TYPE"))})
	}
	t.fill(result.Data)
	return t, true
}
