// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"encoding/json"
	"fmt"
)

// HistoryRequest is the content of history_request. Session, Start and Stop
// go with access type "range", N with "tail", N, Pattern and Unique with
// "search".
type HistoryRequest struct {
	Output         bool   `json:"output"`
	Raw            bool   `json:"raw"`
	HistAccessType string `json:"hist_access_type"`
	Session        int    `json:"session"`
	Start          int    `json:"start"`
	Stop           *int   `json:"stop,omitempty"` // exclusive; absent: to the end
	N              int    `json:"n"`
	Pattern        string `json:"pattern"` // a glob
	Unique         bool   `json:"unique"`
}

func (HistoryRequest) MsgType() string { return "history_request" }

// HistoryReply is the content of history_reply, oldest entry first.
type HistoryReply struct {
	Status  string         `json:"status"`
	History HistoryEntries `json:"history"`
}

func (HistoryReply) MsgType() string { return "history_reply" }

// HistoryEntries is [] and not null when it is nil.
type HistoryEntries []HistoryEntry

// MarshalJSON never yields null.
func (h HistoryEntries) MarshalJSON() ([]byte, error) {
	if h == nil {
		return []byte("[]"), nil
	}
	return encode([]HistoryEntry(h))
}

// HistoryEntry is one input. WithOutput tells that the output was asked for;
// an empty Output is then sent as null.
type HistoryEntry struct {
	Session, Line int
	Input         string
	Output        string
	WithOutput    bool
}

// MarshalJSON gives (session, line, input) or (session, line, (input,
// output)).
func (e HistoryEntry) MarshalJSON() ([]byte, error) {
	if !e.WithOutput {
		return encode([]any{e.Session, e.Line, e.Input})
	}
	var output *string
	if e.Output != "" {
		output = &e.Output
	}
	return encode([]any{e.Session, e.Line, []*string{&e.Input, output}})
}

// UnmarshalJSON takes both forms.
func (e *HistoryEntry) UnmarshalJSON(b []byte) error {
	var last json.RawMessage
	var third struct{ input, output *string }
	if err := unmarshalTuple(b, &e.Session, &e.Line, &last); err != nil {
		return err
	}
	e.WithOutput = len(last) > 0 && last[0] == '['
	if !e.WithOutput {
		return json.Unmarshal(last, &e.Input)
	}
	if err := unmarshalTuple(last, &third.input, &third.output); err != nil {
		return err
	}
	if third.input != nil {
		e.Input = *third.input
	}
	if third.output != nil {
		e.Output = *third.output
	}
	return nil
}

// unmarshalTuple reads a JSON array of exactly the length of targets.
func unmarshalTuple(b []byte, targets ...any) error {
	var items []json.RawMessage
	if err := json.Unmarshal(b, &items); err != nil {
		return err
	}
	if len(items) != len(targets) {
		return fmt.Errorf("array of %d, want %d", len(items), len(targets))
	}
	for i, item := range items {
		if err := json.Unmarshal(item, targets[i]); err != nil {
			return err
		}
	}
	return nil
}
