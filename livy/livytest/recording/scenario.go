// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package recording

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"
)

//go:embed testdata/*.json testdata/limits/*.json testdata/long/*.json testdata/restart/*.json
var files embed.FS

// Scenario is one recording.
type Scenario struct {
	Name     string
	Note     string
	Sessions []Before   // What the recording found there.
	Steps    []Exchange // What was said, in order.
}

// Before is a session that an earlier recording had made.
type Before struct {
	ID         int      `json:"id"`
	Kind       string   `json:"kind"`
	Statements []string `json:"statements"` // Code that had run; ids count from 0.
}

// Exchange is one request with its answer, or, where Killed, Restarted or Filled
// is set, something else that happened.
type Exchange struct {
	At      float64           `json:"t_ms"` // Since the beginning, in ms.
	Method  string            `json:"method"`
	Path    string            `json:"path"` // With the query.
	Request json.RawMessage   `json:"request_body"`
	Status  int               `json:"status"`
	Header  map[string]string `json:"response_headers"`
	Answer  json.RawMessage   `json:"response_body"`
	Comment string            `json:"comment"`
	Killed  bool              `json:"killed"` // the driver of the last session was
	// Restarted: the server was, and knew nothing of its sessions any more.
	Restarted bool `json:"restarted"`
	// Filled is how many statements ran in the last session of which nothing was
	// recorded.
	Filled int `json:"filled"`
	// Bytes is how long the answer's body was, where it is shortened.
	Bytes int `json:"response_bytes"`
	// Unmarked requests carry no X-Requested-By header.
	Unmarked bool `json:"without_requested_by"`
}

// Offset is when the exchange began, counted from that of the scenario.
func (e Exchange) Offset() time.Duration { return time.Duration(e.At * float64(time.Millisecond)) }

// Name names the exchange's request as files of allowed differences do, such
// as "GET /sessions/0/state".
func (e Exchange) Name() string {
	switch {
	case e.Killed:
		return "kill driver"
	case e.Restarted:
		return "restart server"
	case e.Filled > 0:
		return "run statements"
	}
	return e.Method + " " + e.Path
}

// body returns the request's body: a string in a recording stands for itself,
// null for no body.
func (e Exchange) body() string {
	var text string
	switch {
	case string(e.Request) == "null":
		return ""
	case json.Unmarshal(e.Request, &text) == nil:
		return text
	}
	return string(e.Request)
}

// All returns every scenario of a server as it is set by default, in the order
// of their names; those of
// limits/ are of one with limits, those of restart/ of more than one, and those
// of long/ take long.
func All() ([]Scenario, error) {
	names, err := fs.Glob(files, "testdata/*.json")
	if err != nil {
		return nil, err
	}
	var all []Scenario
	for _, name := range names {
		s, err := Load(strings.TrimSuffix(path.Base(name), ".json"))
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// Load returns the scenario name.
func Load(name string) (Scenario, error) {
	text, err := files.ReadFile("testdata/" + name + ".json")
	if err != nil {
		return Scenario{}, fmt.Errorf("load recording: %w", err)
	}
	s, err := parse(text)
	if err != nil {
		return Scenario{}, fmt.Errorf("load recording %s: %w", name, err)
	}
	return s, nil
}

// parse reads the file of a recording: a list whose first element describes
// it and whose others are exchanges.
func parse(text []byte) (Scenario, error) {
	var elements []json.RawMessage
	if err := json.Unmarshal(text, &elements); err != nil {
		return Scenario{}, err
	}
	if len(elements) == 0 {
		return Scenario{}, fmt.Errorf("the list is empty")
	}
	var head struct {
		Scenario string   `json:"scenario"`
		Note     string   `json:"note"`
		Sessions []Before `json:"sessions_before"`
	}
	if err := json.Unmarshal(elements[0], &head); err != nil {
		return Scenario{}, err
	}
	s := Scenario{Name: head.Scenario, Note: head.Note, Sessions: head.Sessions, Steps: make([]Exchange, len(elements)-1)}
	for i, e := range elements[1:] {
		if err := json.Unmarshal(e, &s.Steps[i]); err != nil {
			return Scenario{}, fmt.Errorf("element %d: %w", i+1, err)
		}
	}
	return s, nil
}
