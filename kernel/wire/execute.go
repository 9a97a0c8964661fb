// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire

import "encoding/json"

// Values of status in replies.
const (
	StatusOK      = "ok"
	StatusError   = "error"
	StatusAborted = "aborted"
)

// ExecuteRequest is the content of execute_request.
type ExecuteRequest struct {
	Code            string            `json:"code"`
	Silent          bool              `json:"silent"`
	StoreHistory    bool              `json:"store_history"`
	UserExpressions map[string]string `json:"user_expressions,omitzero"`
	AllowStdin      bool              `json:"allow_stdin"`
	StopOnError     bool              `json:"stop_on_error"`
}

func (ExecuteRequest) MsgType() string { return "execute_request" }

// UnmarshalJSON fills in the specification's defaults for what is absent:
// store_history and stop_on_error are true. Silent code is never stored.
func (r *ExecuteRequest) UnmarshalJSON(b []byte) error {
	type plain ExecuteRequest
	p := plain{StoreHistory: true, StopOnError: true}
	if err := json.Unmarshal(b, &p); err != nil {
		return err
	}
	p.StoreHistory = p.StoreHistory && !p.Silent
	*r = ExecuteRequest(p)
	return nil
}

// ExecuteMetadata is what clients put into the metadata of an
// execute_request.
type ExecuteMetadata struct {
	CellID string         `json:"cellId"`
	VSCode VSCodeMetadata `json:"vscode"`
}

// VSCodeMetadata is VS Code's part of a cell's metadata.
type VSCodeMetadata struct {
	LanguageID string `json:"languageId"`
}

// ExecuteReply is the content of execute_reply. ErrorContent is there with
// status "error"; UserExpressions and Payload are nil with status "aborted".
type ExecuteReply struct {
	Status          string                      `json:"status"`
	ExecutionCount  int                         `json:"execution_count"`
	UserExpressions map[string]ExpressionResult `json:"user_expressions,omitzero"`
	Payload         []json.RawMessage           `json:"payload,omitzero"`
	*ErrorContent
}

func (ExecuteReply) MsgType() string { return "execute_reply" }

// ExpressionResult is what became of one of the user_expressions. Data and
// Metadata are there with status "ok", ErrorContent with "error".
type ExpressionResult struct {
	Status   string     `json:"status"`
	Data     MIMEBundle `json:"data,omitzero"`
	Metadata MIMEBundle `json:"metadata,omitzero"`
	*ErrorContent
}

// ExecuteInput is the content of execute_input.
type ExecuteInput struct {
	Code           string `json:"code"`
	ExecutionCount int    `json:"execution_count"`
}

func (ExecuteInput) MsgType() string { return "execute_input" }

// ExecuteResult is the content of execute_result.
type ExecuteResult struct {
	ExecutionCount int        `json:"execution_count"`
	Data           MIMEBundle `json:"data"`
	Metadata       MIMEBundle `json:"metadata"`
}

func (ExecuteResult) MsgType() string { return "execute_result" }
