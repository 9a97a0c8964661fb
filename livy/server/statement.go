// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"context"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// statement is one piece of code in a session's queue, and then its result.
// The session's mutex guards it.
type statement struct {
	Statement
	state     livy.StatementState
	output    *Output // Nil until the driver has answered.
	printed   printed // While it ran.
	progress  float64
	started   time.Time
	completed time.Time
	cancel    context.CancelFunc // Set once the driver runs the statement.
	timeout   *time.Timer        // Set once the statement is cancelling.
	ended     chan struct{}      // Closed when the state is terminal.
}

// setProgress keeps p where it is a share between 0 and 1.
func (st *statement) setProgress(p float64) {
	if !math.IsNaN(p) && !st.state.Terminal() {
		st.progress = min(max(p, 0), 1)
	}
}

// end makes state, which is terminal, the state of the statement. The time of
// completion is that of the last call: a cancelled statement may be filled in
// when its code really ends.
func (st *statement) end(state livy.StatementState) {
	if !st.state.Terminal() {
		st.state = state
		close(st.ended)
	}
	if st.timeout != nil {
		st.timeout.Stop()
	}
	st.progress = 1
	st.completed = time.Now()
}

// statementView is the statement object of the Livy REST API.
type statementView struct {
	ID        int                 `json:"id"`
	Code      string              `json:"code"`
	State     livy.StatementState `json:"state"`
	Output    *outputView         `json:"output"`
	Progress  float               `json:"progress"`
	Started   int64               `json:"started"`
	Completed int64               `json:"completed"`
	Printed   *printedView        `json:"printed,omitempty"` // for those who ask for it
}

// outputView holds data for status ok and the embedded fields for an error.
type outputView struct {
	Status         string                     `json:"status"`
	ExecutionCount int                        `json:"execution_count"`
	Data           map[string]json.RawMessage `json:"data,omitzero"`
	*errorView
}

type errorView struct {
	EName     string   `json:"ename"`
	EValue    string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

func (st *statement) view() statementView {
	v := statementView{
		ID: st.ID, Code: st.Code, State: st.state, Progress: float(st.progress),
		Started: unixMilli(st.started), Completed: unixMilli(st.completed),
	}
	o := st.output
	if o == nil {
		return v
	}
	v.Output = &outputView{Status: o.Status, ExecutionCount: st.ID, Data: o.Data}
	if o.Status == "error" {
		v.Output.Data = nil
		v.Output.errorView = &errorView{o.EName, o.EValue, notNil(o.Traceback)}
	} else if o.Data == nil {
		v.Output.Data = map[string]json.RawMessage{}
	}
	return v
}

// unixMilli is 0 for the zero time, as the API has it.
func unixMilli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// notNil makes JSON show a list where list is empty.
func notNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// float is written with a decimal point, so that clients in languages with
// integers see a number of the same type every time.
type float float64

// MarshalJSON implements json.Marshaler.
func (f float) MarshalJSON() ([]byte, error) {
	s := strconv.FormatFloat(float64(f), 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return []byte(s), nil
}
