// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire

import "strings"

// InterruptRequest is the content of interrupt_request.
type InterruptRequest struct{}

func (InterruptRequest) MsgType() string { return "interrupt_request" }

// InterruptReply is the content of interrupt_reply.
type InterruptReply struct {
	Status string `json:"status"`
}

func (InterruptReply) MsgType() string { return "interrupt_reply" }

// ShutdownRequest is the content of shutdown_request. Restart tells that a new
// kernel follows.
type ShutdownRequest struct {
	Restart bool `json:"restart"`
}

func (ShutdownRequest) MsgType() string { return "shutdown_request" }

// ShutdownReply is the content of shutdown_reply, on the channel of the
// request and on iopub.
type ShutdownReply struct {
	Status  string `json:"status"`
	Restart bool   `json:"restart"`
}

func (ShutdownReply) MsgType() string { return "shutdown_reply" }

// ErrorReply is the reply with status "error" to a request of any type.
type ErrorReply struct {
	RequestType string `json:"-"`
	Status      string `json:"status"`
	ErrorContent
}

func (r ErrorReply) MsgType() string { return ReplyType(r.RequestType) }

// ReplyType is the msg_type of the reply to a request.
func ReplyType(requestType string) string {
	return strings.TrimSuffix(requestType, "_request") + "_reply"
}
