// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/livy-kernel/livy-kernel/livy/server"
)

// settings is the first line to a driver.
type settings struct {
	Scratch string            `json:"scratch"`
	Conf    map[string]string `json:"conf"`
	Submit  []string          `json:"submit"` // arguments of spark-submit
}

// request is every other line to it: run and cancel a statement, complete.
type request struct {
	Type   string `json:"type"`
	ID     int    `json:"id"`
	Kind   string `json:"kind,omitempty"`
	Code   string `json:"code"`
	Cursor int    `json:"cursor,omitempty"`
}

// answer is a line from a driver.
type answer struct {
	Type       string   `json:"type"` // ready, progress, output, candidates
	ID         int      `json:"id"`
	AppID      string   `json:"appId"`
	UIURL      string   `json:"uiUrl"`
	Progress   float64  `json:"progress"`
	Output     output   `json:"output"`
	Candidates []string `json:"candidates"`
}

// output is a statement's output as the driver writes it.
type output struct {
	Status    string                     `json:"status"`
	Data      map[string]json.RawMessage `json:"data"`
	EName     string                     `json:"ename"`
	EValue    string                     `json:"evalue"`
	Traceback []string                   `json:"traceback"`
}

func (o output) server() server.Output {
	return server.Output(o)
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

// readAnswers calls handle for each line until the driver's end closes.
func readAnswers(r io.Reader, handle func(answer)) error {
	lines := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var a answer
			if err := json.Unmarshal(line, &a); err != nil {
				return fmt.Errorf("the driver's answer is not JSON: %w", err)
			}
			handle(a)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
