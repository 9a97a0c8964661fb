// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"encoding/json"
	"strings"
)

// Column is the head of a column.
type Column struct {
	Name string
	// Type is Spark's name of the type, as in a schema's JSON; empty where
	// there is none.
	Type string
}

// newColumn is the column of a field of a schema.
func newColumn(name string, fieldType json.RawMessage) Column {
	if simple, ok := textOf(fieldType); ok {
		return Column{Name: name, Type: simple}
	}
	var nested struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(fieldType, &nested) != nil {
		return Column{Name: name}
	}
	return Column{Name: name, Type: nested.Type}
}

// Numeric reports whether the column is of numbers, which stand to the right.
// The names are those of Spark's schemas and, in lower case, of Livy's tables.
func (c Column) Numeric() bool { return c.integer() || c.fraction() }

func (c Column) integer() bool {
	switch c.Type {
	case "byte", "short", "integer", "long", "tinyint", "smallint", "int", "bigint":
		return true
	}
	return false
}

func (c Column) fraction() bool {
	return c.Type == "float" || c.Type == "double" || c.Type == "decimal" || strings.HasPrefix(c.Type, "decimal(")
}
