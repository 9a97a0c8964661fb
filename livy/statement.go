// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

// StatementID identifies a statement within its session; opaque.
type StatementID string

// UnmarshalJSON accepts a JSON string or number and refuses what may not
// stand in a path.
func (id *StatementID) UnmarshalJSON(b []byte) error {
	s, err := unmarshalID("statement", b)
	*id = StatementID(s)
	return err
}

// StatementState is a statement's state in lower case; unknown ones are kept
// and not terminal.
type StatementState string

// Statement states of the Livy REST API.
const (
	StatementWaiting    StatementState = "waiting"
	StatementRunning    StatementState = "running"
	StatementAvailable  StatementState = "available"
	StatementError      StatementState = "error"
	StatementCancelling StatementState = "cancelling"
	StatementCancelled  StatementState = "cancelled"
)

// UnmarshalJSON folds the case: Fabric writes "Error".
func (s *StatementState) UnmarshalJSON(b []byte) error {
	v, err := lowerCase(b)
	*s = StatementState(v)
	return err
}

// known reports whether the API describes the state.
func (s StatementState) known() bool {
	switch s {
	case StatementWaiting, StatementRunning, StatementCancelling:
		return true
	}
	return s.Terminal()
}

// Terminal reports whether the statement has ended.
func (s StatementState) Terminal() bool {
	return s == StatementAvailable || s == StatementError || s == StatementCancelled
}

// StatementRequest is the body of POST /sessions/{id}/statements.
type StatementRequest struct {
	Code string `json:"code"`
	Kind Kind   `json:"kind,omitempty"`
	// SourceID names the statement for whoever sent it. It is left out where
	// the dialect has none.
	SourceID string `json:"sourceId,omitempty"`
}

// Statement is the statement object of the Livy REST API.
type Statement struct {
	ID        StatementID    `json:"id"`
	Code      string         `json:"code"`
	SourceID  string         `json:"sourceId"` // as it was sent; Fabric
	State     StatementState `json:"state"`
	Output    *Output        `json:"output"`   // nil until the statement has ended
	Progress  float64        `json:"progress"` // 0 to 1, not monotonic, 1 is not the end
	Started   int64          `json:"started"`  // Unix time in ms, 0 before
	Completed int64          `json:"completed"`
	Printed   *Printed       `json:"printed"` // see WithPrinted
}
