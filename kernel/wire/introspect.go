// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire

// IsCompleteRequest is the content of is_complete_request.
type IsCompleteRequest struct {
	Code string `json:"code"`
}

func (IsCompleteRequest) MsgType() string { return "is_complete_request" }

// Values of status in is_complete_reply.
const (
	Complete   = "complete"
	Incomplete = "incomplete"
	Invalid    = "invalid"
	Unknown    = "unknown"
)

// IsCompleteReply is the content of is_complete_reply. Indent is there with
// status "incomplete" only.
type IsCompleteReply struct {
	Status string  `json:"status"`
	Indent *string `json:"indent,omitempty"`
}

func (IsCompleteReply) MsgType() string { return "is_complete_reply" }

// CompleteRequest is the content of complete_request. CursorPos counts code
// points.
type CompleteRequest struct {
	Code      string `json:"code"`
	CursorPos int    `json:"cursor_pos"`
}

func (CompleteRequest) MsgType() string { return "complete_request" }

// CompleteReply is the content of complete_reply. Each match replaces what
// lies between the cursors, which count code points.
type CompleteReply struct {
	Status      string     `json:"status"`
	Matches     Strings    `json:"matches"`
	CursorStart int        `json:"cursor_start"`
	CursorEnd   int        `json:"cursor_end"`
	Metadata    MIMEBundle `json:"metadata"`
}

func (CompleteReply) MsgType() string { return "complete_reply" }

// InspectRequest is the content of inspect_request. CursorPos counts code
// points; DetailLevel is 0 or 1.
type InspectRequest struct {
	Code        string `json:"code"`
	CursorPos   int    `json:"cursor_pos"`
	DetailLevel int    `json:"detail_level"`
}

func (InspectRequest) MsgType() string { return "inspect_request" }

// InspectReply is the content of inspect_reply.
type InspectReply struct {
	Status   string     `json:"status"`
	Found    bool       `json:"found"`
	Data     MIMEBundle `json:"data"`
	Metadata MIMEBundle `json:"metadata"`
}

func (InspectReply) MsgType() string { return "inspect_reply" }
