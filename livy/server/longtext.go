// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"maps"
	"slices"
)

// longText is the size of a string, in bytes, from which on it is set aside.
const longText = 64 << 10

// setAside returns v with marks in the place of the long strings of its output,
// and what each mark stands for. encoding/json would walk through the megabytes
// that a cell has printed several times, and copy them at each.
func setAside(v statementView) (statementView, map[string]json.RawMessage) {
	if v.Output == nil {
		return v, nil
	}
	var aside map[string]json.RawMessage
	for mime, raw := range v.Output.Data {
		if len(raw) < longText || !isString(raw) {
			continue
		}
		if aside == nil {
			aside = make(map[string]json.RawMessage)
			short := *v.Output
			short.Data = maps.Clone(v.Output.Data)
			v.Output = &short
		}
		mark := `"` + rand.Text() + `"` // which no code and no output can hold
		v.Output.Data[mime] = json.RawMessage(mark)
		aside[mark] = raw
	}
	return v, aside
}

// putBack returns doc in parts that have what was set aside in the places of
// the marks.
func putBack(doc []byte, aside map[string]json.RawMessage) [][]byte {
	marks := slices.SortedFunc(maps.Keys(aside), func(a, b string) int {
		return bytes.Index(doc, []byte(a)) - bytes.Index(doc, []byte(b))
	})
	var parts [][]byte
	for _, mark := range marks {
		before, after, _ := bytes.Cut(doc, []byte(mark))
		parts = append(parts, before, aside[mark])
		doc = after
	}
	return append(parts, doc)
}

// isString reports whether raw is one JSON string from its first byte to its
// last. What stands between is taken on trust: it was decoded or encoded before.
func isString(raw []byte) bool {
	if len(raw) < 2 || raw[0] != '"' || raw[len(raw)-1] != '"' {
		return false
	}
	for at := 1; ; at++ {
		quote := bytes.IndexByte(raw[at:], '"')
		at += quote
		backslashes := 0
		for raw[at-1-backslashes] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 {
			return at == len(raw)-1
		}
		if at == len(raw)-1 {
			return false
		}
	}
}
