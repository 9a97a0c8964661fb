// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// entry is a line of the journal.
type entry struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Body   string `json:"body"`
	Status int    `json:"status"`
}

func writeJournal(name string, requests []livytest.Request) error {
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	for _, r := range requests {
		if err := encoder.Encode(entry{r.Method, r.Path, string(r.Body), r.Status}); err != nil {
			return fmt.Errorf("write the journal: %w", err)
		}
	}
	if err := os.WriteFile(name, lines.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	return nil
}
