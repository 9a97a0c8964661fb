// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import "encoding/json"

// Output is a statement's result. A failed statement is normally "available"
// with Status "error".
type Output struct {
	Status         string
	ExecutionCount int
	Data           map[string]json.RawMessage // by MIME type
	EName          string
	EValue         string
	Traceback      []string // lines; Apache Livy's end in newlines for Python only
}

// UnmarshalJSON takes the traceback as a list or as one string, and the count
// under either of its two names (Lighter writes executionCount).
func (o *Output) UnmarshalJSON(b []byte) error {
	var raw struct {
		Status         string                     `json:"status"`
		ExecutionCount int                        `json:"execution_count"`
		CamelCount     int                        `json:"executionCount"`
		Data           map[string]json.RawMessage `json:"data"`
		EName          string                     `json:"ename"`
		EValue         string                     `json:"evalue"`
		Traceback      lines                      `json:"traceback"`
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	*o = Output{
		Status: raw.Status, ExecutionCount: max(raw.ExecutionCount, raw.CamelCount), Data: raw.Data,
		EName: raw.EName, EValue: raw.EValue, Traceback: raw.Traceback,
	}
	return nil
}

// lines is a list of strings or a single one.
type lines []string

func (l *lines) UnmarshalJSON(b []byte) error {
	var list []string
	if err := json.Unmarshal(b, &list); err == nil {
		*l = list
		return nil
	}
	var one string
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	if one != "" {
		*l = lines{one}
	}
	return nil
}
