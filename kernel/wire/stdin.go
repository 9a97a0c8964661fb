// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire

// InputRequest is the content of input_request, from kernel to client on
// stdin.
type InputRequest struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"`
}

func (InputRequest) MsgType() string { return "input_request" }

// InputReply is the content of input_reply.
type InputReply struct {
	Value string `json:"value"`
}

func (InputReply) MsgType() string { return "input_reply" }
