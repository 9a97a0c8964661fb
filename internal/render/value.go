// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
)

// maxNesting is how deep structs within a value are unfolded; what lies deeper
// is shown as the server sent it.
const maxNesting = 16

// newCell shows one JSON value of a table. Numbers stay as they are written,
// so that integers above 2^53 and decimals are exact.
func newCell(raw json.RawMessage) Cell {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return Cell{Null: true}
	}
	if s, ok := textOf(raw); ok {
		return Cell{Text: s}
	}
	return Cell{Text: unfold(raw, maxNesting)}
}

// binaryCell shows a value of type binary as Spark's show does, in hexadecimal.
// Livy sends its bytes as Java has them, with a sign.
func binaryCell(raw json.RawMessage) Cell {
	var signed []int
	if json.Unmarshal(raw, &signed) != nil || signed == nil {
		return newCell(raw)
	}
	octets := make([]byte, len(signed))
	for i, n := range signed {
		if n < -128 || n > 255 {
			return newCell(raw)
		}
		octets[i] = byte(n)
	}
	return Cell{Text: fmt.Sprintf("[% X]", octets)}
}

// floatCell shows a value of type float, of 32 bits, without the digits that it
// gets where a server takes it for one of 64.
func floatCell(raw json.RawMessage) Cell {
	c := newCell(raw)
	wide, err := strconv.ParseFloat(c.Text, 64)
	if narrow := float32(wide); err == nil && json.Valid(raw) && raw[0] != '"' && float64(narrow) == wide {
		if short := strconv.FormatFloat(wide, 'g', -1, 32); len(short) < len(c.Text) && json.Valid([]byte(short)) {
			c.Text = short
		}
	}
	return c
}

// textOf returns the text of a JSON string.
func textOf(raw json.RawMessage) (string, bool) {
	if s, ok := unquote(raw); ok {
		return s, true
	}
	var s string
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &s) != nil {
		return "", false
	}
	return s, true
}

// unfold writes raw compactly, with each struct as an object. Livy sends a
// struct as {"schema": […], "values": […]}, its values by position.
func unfold(raw json.RawMessage, depth int) string {
	if depth > 0 && len(raw) > 0 {
		switch raw[0] {
		case '[':
			var items []json.RawMessage
			if json.Unmarshal(raw, &items) == nil {
				return "[" + unfoldAll(items, depth-1) + "]"
			}
		case '{':
			if names, values, ok := structOf(raw); ok {
				return "{" + unfoldFields(names, values, depth-1) + "}"
			}
		}
	}
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return string(raw)
	}
	return letters(b.String())
}

// letters writes the letters beyond ASCII in JSON for the escapes that stand
// for them: Python's encoder escapes them all.
func letters(text string) string {
	return unicodeEscape.Get().ReplaceAllStringFunc(text, func(escape string) string {
		var s string
		if json.Unmarshal([]byte(`"`+escape+`"`), &s) != nil || strings.ContainsFunc(s, func(r rune) bool { return r < 0xa0 || r == utf8.RuneError }) {
			return escape
		}
		return s
	})
}

// unicodeEscape matches runs of escapes by number, and an escaped backslash
// by itself, so that what follows that is none.
var unicodeEscape = lazyregexp.New(`\\\\|(?:\\u[0-9A-Fa-f]{4})+`)

func unfoldAll(items []json.RawMessage, depth int) string {
	parts := make([]string, len(items))
	for i, item := range items {
		parts[i] = unfold(item, depth)
	}
	return strings.Join(parts, ",")
}

func unfoldFields(names []string, values []json.RawMessage, depth int) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = string(jsonString(names[i])) + ":" + unfold(v, depth)
	}
	return strings.Join(parts, ",")
}

func structOf(raw json.RawMessage) (names []string, values []json.RawMessage, ok bool) {
	var row struct {
		Schema json.RawMessage   `json:"schema"`
		Values []json.RawMessage `json:"values"`
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields() // a map with other keys is no struct
	if dec.Decode(&row) != nil {
		return nil, nil, false
	}
	var fields []struct {
		Name string `json:"name"`
	}
	if json.Unmarshal(row.Schema, &fields) != nil || len(fields) != len(row.Values) {
		return nil, nil, false
	}
	for _, f := range fields {
		names = append(names, f.Name)
	}
	return names, row.Values, true
}

// jsonString encodes s as a JSON string, without the escapes for HTML that
// encoding/json adds by default.
func jsonString(s string) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return json.RawMessage(`""`)
	}
	return bytes.TrimSpace(b.Bytes())
}
