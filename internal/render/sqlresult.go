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
// with rows as arrays.
func sqlResult(raw json.RawMessage) (Table, bool) {
	var result struct {
		Schema *struct {
			Type   string `json:"type"`
			Fields []struct {
				Name string          `json:"name"`
				Type json.RawMessage `json:"type"`
			} `json:"fields"`
		} `json:"schema"`
		Data [][]json.RawMessage `json:"data"`
	}
	if json.Unmarshal(raw, &result) != nil || result.Schema == nil ||
		result.Schema.Type != "struct" || result.Data == nil {
		return Table{}, false
	}
	t := Table{Rows: newRows(result.Data)}
	for _, f := range result.Schema.Fields {
		typeName, _ := textOf(f.Type)
		t.Columns = append(t.Columns, Column{Name: f.Name, Numeric: isNumeric(typeName)})
	}
	if len(t.Rows) == sqlRowLimit {
		t.Note = fmt.Sprintf("Livy returns %d rows at most and does not tell whether there are more (use LIMIT, or count them)", sqlRowLimit)
	}
	return t, true
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
	t := Table{Rows: newRows(result.Data)}
	for _, h := range result.Headers {
		t.Columns = append(t.Columns, Column{Name: h.Name, Numeric: isNumeric(strings.ToLower(strings.TrimSuffix(h.Type, "_TYPE")))})
	}
	return t, true
}

func newRows(data [][]json.RawMessage) [][]Cell {
	rows := make([][]Cell, len(data))
	for r, values := range data {
		rows[r] = make([]Cell, len(values))
		for i, v := range values {
			rows[r][i] = newCell(v)
		}
	}
	return rows
}

// isNumeric tells the names of numeric types in Spark's JSON schemas and, in
// lower case, in Livy's tables.
func isNumeric(typeName string) bool {
	switch typeName {
	case "byte", "short", "integer", "long", "float", "double", "decimal",
		"tinyint", "smallint", "int", "bigint":
		return true
	}
	return strings.HasPrefix(typeName, "decimal(")
}
