// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package recording

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// Allowance is a difference that is meant.
type Allowance struct {
	Scenario string `json:"scenario"` // Of the recording, or * for any.
	Request  string `json:"request"`  // As [Exchange.Name], or * for any.
	Path     string `json:"path"`     // As [Difference.Path], and everything below it.
	Why      string `json:"why"`
}

// Allowed is a list of allowances that remembers which of them occurred.
type Allowed struct {
	list []Allowance
	used []bool
}

// ReadAllowed reads a file: a JSON list of allowances, each with its reason.
func ReadAllowed(path string) (*Allowed, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read allowed differences: %w", err)
	}
	var list []Allowance
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&list); err != nil {
		return nil, fmt.Errorf("read allowed differences: %w", err)
	}
	for i, a := range list {
		if a.Scenario == "" || a.Request == "" || a.Path == "" || a.Why == "" {
			return nil, fmt.Errorf("read allowed differences: entry %d of %s wants scenario, request, path and why", i, path)
		}
	}
	return &Allowed{list: list, used: make([]bool, len(list))}, nil
}

// Filter returns the differences that no allowance covers.
func (a *Allowed) Filter(diffs []Difference) []Difference {
	var rest []Difference
	for _, d := range diffs {
		covered := false
		for i, allowance := range a.list {
			if allowance.covers(d) {
				a.used[i], covered = true, true
			}
		}
		if !covered {
			rest = append(rest, d)
		}
	}
	return rest
}

func (a Allowance) covers(d Difference) bool {
	below, ok := strings.CutPrefix(d.Path, a.Path)
	return (a.Scenario == "*" || a.Scenario == d.Scenario) &&
		(a.Request == "*" || a.Request == d.Request) &&
		ok && (below == "" || below[0] == '.' || below[0] == '[')
}

// Unused returns the allowances that covered nothing although their scenario
// is among those replayed; one for any scenario counts once all were.
func (a *Allowed) Unused(replayed map[string]bool, all bool) []Allowance {
	var rest []Allowance
	for i, allowance := range a.list {
		if !a.used[i] && (all || replayed[allowance.Scenario]) {
			rest = append(rest, allowance)
		}
	}
	return rest
}
