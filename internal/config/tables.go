// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"bytes"

	"github.com/BurntSushi/toml"
)

// replaceTables returns a file with text in the place of the tables
// [profiles.NAME] and [profiles.NAME.…], or at its end if there are none.
// Other lines stay, also the comments and blank lines before a heading, which
// belong to what follows.
func replaceTables(file []byte, name string, text []byte) []byte {
	var kept, pending [][]byte // pending may still turn out to belong to the next table
	inside, place := false, -1
	for _, line := range bytes.SplitAfter(file, []byte("\n")) {
		trimmed := bytes.TrimSpace(line)
		blank := len(trimmed) == 0 || trimmed[0] == '#'
		if heading, ok := headingOf(trimmed); ok {
			inside = len(heading) >= 2 && heading[0] == "profiles" && heading[1] == name
			if inside && place < 0 {
				kept = append(kept, pending...)
				pending = nil
				place = len(kept)
			}
		}
		switch {
		case !inside:
			kept = append(append(kept, pending...), line)
			pending = nil
		case blank:
			pending = append(pending, line)
		default:
			pending = nil
		}
	}
	kept = append(kept, pending...)
	if place < 0 {
		place = len(kept)
	}
	before := bytes.Join(kept[:place], nil)
	after := bytes.Join(kept[place:], nil)
	if len(text) == 0 {
		return append(before, after...)
	}
	if place == len(kept) && len(bytes.TrimSpace(before)) > 0 {
		before = append(bytes.TrimRight(before, "\r\n"), "\n\n"...)
	}
	return bytes.Join([][]byte{before, text, after}, nil)
}

// headingOf returns the key of a line that is the heading of a table.
func headingOf(line []byte) (toml.Key, bool) {
	if len(line) < 3 || line[0] != '[' || line[1] == '[' {
		return nil, false
	}
	var empty struct{}
	meta, err := toml.Decode(string(line), &empty)
	if err != nil || len(meta.Keys()) != 1 {
		return nil, false
	}
	return meta.Keys()[0], true
}
