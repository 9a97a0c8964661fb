// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kerneltest

import (
	"slices"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// Exchange is what came in answer to one request.
type Exchange struct {
	Reply   *wire.Message // nil as long as there is none
	Replies int           // more than one is a fault of the kernel
	Channel Channel       // that the reply came by
	IOPub   []*wire.Message
	Stdin   []*wire.Message // questions: input_request
}

// Idle reports whether the status idle has come.
func (x Exchange) Idle() bool {
	return slices.ContainsFunc(x.IOPub, func(m *wire.Message) bool {
		var s wire.Status
		return m.Header.MsgType == s.MsgType() && m.Decode(&s) == nil && s.ExecutionState == wire.Idle
	})
}

// Served reports whether reply and idle have come.
func (x Exchange) Served() bool { return x.Reply != nil && x.Idle() }

// Find returns the first message of a type on iopub, or nil.
func (x Exchange) Find(msgType string) *wire.Message {
	for _, m := range x.IOPub {
		if m.Header.MsgType == msgType {
			return m
		}
	}
	return nil
}

// Types are the message types on iopub in order; a status is named by its
// execution_state.
func (x Exchange) Types() []string {
	var types []string
	for _, m := range x.IOPub {
		name := m.Header.MsgType
		var s wire.Status
		if name == s.MsgType() && m.Decode(&s) == nil {
			name = s.ExecutionState
		}
		types = append(types, name)
	}
	return types
}

// Text is all that the stream of the given name said.
func (x Exchange) Text(name string) string {
	var text string
	for _, m := range x.IOPub {
		var s wire.Stream
		if m.Header.MsgType == s.MsgType() && m.Decode(&s) == nil && s.Name == name {
			text += s.Text
		}
	}
	return text
}
