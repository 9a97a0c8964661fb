// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package recording

import (
	"bytes"
	"encoding/json"
)

// value is a parsed JSON value.
type value struct {
	kind   string // "null", "boolean", "number", "string", "array" or "object"
	text   string // Of a string its content, else the JSON.
	list   []value
	fields map[string]value
}

// parseValue parses body. What is not JSON is a string, empty for no body:
// recordings write an answer that is not JSON the same way.
func parseValue(body []byte) value {
	var v value
	if json.Unmarshal(body, &v) != nil {
		return value{kind: "string", text: string(body)}
	}
	return v
}

// UnmarshalJSON implements json.Unmarshaler.
func (v *value) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	v.text = string(b)
	switch b[0] {
	case 'n':
		v.kind = "null"
	case 't', 'f':
		v.kind = "boolean"
	case '"':
		v.kind = "string"
		return json.Unmarshal(b, &v.text)
	case '[':
		v.kind = "array"
		return json.Unmarshal(b, &v.list)
	case '{':
		v.kind = "object"
		return json.Unmarshal(b, &v.fields)
	default:
		v.kind = "number"
	}
	return nil
}

// field returns the field name, the zero value where there is none.
func (v value) field(name string) value { return v.fields[name] }

// without returns v, an object, without the field name.
func (v value) without(name string) value {
	rest := map[string]value{}
	for k, f := range v.fields {
		if k != name {
			rest[k] = f
		}
	}
	v.fields = rest
	return v
}

func (v value) isStatement() bool {
	return v.kind == "object" && v.field("code").kind != "" && v.field("state").kind == "string" && v.field("output").kind != ""
}

func (v value) isState() bool {
	return v.kind == "object" && v.field("state").kind == "string" && v.field("id").kind != "" && !v.isStatement()
}
