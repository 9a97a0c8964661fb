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
	// Type is Spark's name of the type, as in a schema's JSON, what is nested
	// spelled out; empty where there is none.
	Type string
}

// newColumn is the column of a field of a schema.
func newColumn(name string, fieldType json.RawMessage) Column {
	return Column{Name: name, Type: typeName(fieldType, maxTypeNesting)}
}

const (
	maxTypeNesting = 3  // of types that are spelled out
	maxTypeRunes   = 80 // of the name of a type in a head
)

// typeName spells out a type of a schema, as array<integer> or struct<x:long>.
func typeName(raw json.RawMessage, depth int) string {
	if simple, ok := textOf(raw); ok {
		return simple
	}
	var nested struct {
		Type    string          `json:"type"`
		Element json.RawMessage `json:"elementType"`
		Key     json.RawMessage `json:"keyType"`
		Value   json.RawMessage `json:"valueType"`
		Fields  []struct {
			Name string          `json:"name"`
			Type json.RawMessage `json:"type"`
		} `json:"fields"`
	}
	if json.Unmarshal(raw, &nested) != nil {
		return ""
	}
	if depth == 0 {
		return nested.Type
	}
	var parts []string
	switch nested.Type {
	case "array":
		parts = append(parts, typeName(nested.Element, depth-1))
	case "map":
		parts = append(parts, typeName(nested.Key, depth-1), typeName(nested.Value, depth-1))
	case "struct":
		for _, f := range nested.Fields {
			parts = append(parts, f.Name+":"+typeName(f.Type, depth-1))
		}
	}
	if parts == nil {
		return nested.Type
	}
	name, _ := shorten(nested.Type+"<"+strings.Join(parts, ",")+">", maxTypeRunes)
	return name
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
