// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/livy-kernel/livy-kernel/livy/server"
)

// settings is the first line to a driver.
type settings struct {
	Scratch   string   `json:"scratch"`
	OutputDir string   `json:"outputDir"` // of the Scala REPL's classes
	Submit    []string `json:"submit"`    // arguments of spark-submit
}

// request is every other line to it: run and cancel a statement, complete.
type request struct {
	Type   string `json:"type"`
	ID     int    `json:"id"` // of the statement, or the number of the completion
	Kind   string `json:"kind,omitempty"`
	Code   string `json:"code"`
	Cursor int    `json:"cursor"`
}

// answer is a line from a driver. The first is ready or failed.
type answer struct {
	Type       string        `json:"type"` // ready, failed, progress, printed, output, candidates
	ID         int           `json:"id"`
	AppID      string        `json:"appId"`
	UIURL      string        `json:"uiUrl"`
	Reason     string        `json:"reason"`    // why Spark did not start
	JavaEnded  bool          `json:"javaEnded"` // that Java knows the reason
	Progress   float64       `json:"progress"`
	Text       string        `json:"text"`   // printed since the last time
	Output     server.Output `json:"output"` // its keys are those of the fields, in lower case
	Candidates []string      `json:"candidates"`
}

// writeLine writes v as one line of JSON.
func writeLine(w io.Writer, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

// readAnswers calls handle for each line until the driver closes its end. A
// last line that was cut off by its death is dropped.
func readAnswers(r io.Reader, handle func(answer)) error {
	lines := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var a answer
		if err := json.Unmarshal(line, &a); err != nil {
			return fmt.Errorf("the driver's answer is not JSON: %w", err)
		}
		handle(a)
	}
}
