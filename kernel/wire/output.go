// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire

import "encoding/json"

// Names of the streams.
const (
	Stdout = "stdout"
	Stderr = "stderr"
)

// Values of execution_state.
const (
	Starting = "starting"
	Busy     = "busy"
	Idle     = "idle"
)

// MIMEBundle maps a MIME type to its encoded JSON value: a JSON string for
// text and base64 images, any JSON for application/json and its kin. A nil
// bundle is sent as {}.
type MIMEBundle map[string]json.RawMessage

// MarshalJSON never yields null, which clients take for a fault.
func (b MIMEBundle) MarshalJSON() ([]byte, error) {
	if b == nil {
		return []byte("{}"), nil
	}
	return encode(map[string]json.RawMessage(b))
}

// Strings is a list that is [] and not null when it is nil.
type Strings []string

// MarshalJSON never yields null.
func (s Strings) MarshalJSON() ([]byte, error) {
	if s == nil {
		return []byte("[]"), nil
	}
	return encode([]string(s))
}

// Status is the content of status.
type Status struct {
	ExecutionState string `json:"execution_state"`
}

func (Status) MsgType() string { return "status" }

// Stream is the content of stream.
type Stream struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

func (Stream) MsgType() string { return "stream" }

// DisplayData is the content of display_data.
type DisplayData struct {
	Data      MIMEBundle `json:"data"`
	Metadata  MIMEBundle `json:"metadata"`
	Transient Transient  `json:"transient"`
}

func (DisplayData) MsgType() string { return "display_data" }

// UpdateDisplayData is the content of update_display_data.
type UpdateDisplayData DisplayData

func (UpdateDisplayData) MsgType() string { return "update_display_data" }

// Transient is what a display carries that is not saved with the notebook.
type Transient struct {
	DisplayID string `json:"display_id,omitempty"`
}

// ErrorContent is the content of error, and part of every reply with status
// "error".
type ErrorContent struct {
	EName     string  `json:"ename"`
	EValue    string  `json:"evalue"`
	Traceback Strings `json:"traceback"`
}

func (ErrorContent) MsgType() string { return "error" }

// ClearOutput is the content of clear_output.
type ClearOutput struct {
	Wait bool `json:"wait"`
}

func (ClearOutput) MsgType() string { return "clear_output" }

// IopubWelcome is the content of iopub_welcome, the answer to a subscription.
type IopubWelcome struct {
	Subscription string `json:"subscription"`
}

func (IopubWelcome) MsgType() string { return "iopub_welcome" }
