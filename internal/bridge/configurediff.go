// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/livy-kernel/livy-kernel/livy"
)

// difference lists what changes from one request for a session to another, a
// line for each setting, in the order of their names. Values of secret settings
// are left out: a notebook's file holds what its cells show.
func difference(before, after livy.CreateSessionRequest) []string {
	old, now := flat(before), flat(after)
	names := slices.Sorted(maps.Keys(now))
	for _, name := range slices.Sorted(maps.Keys(old)) {
		if _, kept := now[name]; !kept {
			names = append(names, name)
		}
	}
	var lines []string
	for _, name := range names {
		was, is := old[name], now[name]
		if was == is {
			continue
		}
		if livy.IsSecretSetting(name) {
			was, is = hidden(was), hidden(is)
		}
		switch {
		case was == "":
			lines = append(lines, fmt.Sprintf("%s: %s", name, oneLine(is)))
		case is == "":
			lines = append(lines, fmt.Sprintf("%s: %s → not set", name, oneLine(was)))
		default:
			lines = append(lines, fmt.Sprintf("%s: %s → %s", name, oneLine(was), oneLine(is)))
		}
	}
	return lines
}

func hidden(value string) string {
	if value == "" {
		return ""
	}
	return "(not shown)"
}

// flat returns the settings of a request by their names, those of conf by
// "conf" and theirs.
func flat(request livy.CreateSessionRequest) map[string]string {
	values := make(map[string]string)
	for name, value := range request.Conf {
		values["conf "+name] = value
	}
	request.Conf = nil
	raw, err := json.Marshal(request)
	if err != nil {
		return values
	}
	var rest map[string]json.RawMessage
	if json.Unmarshal(raw, &rest) != nil {
		return values
	}
	for name, value := range rest {
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		if text != "null" {
			values[name] = text
		}
	}
	return values
}
