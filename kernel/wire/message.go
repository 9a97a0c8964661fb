// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"encoding/json"
	"time"
)

// ProtocolVersion is the version of the protocol that this package writes.
const ProtocolVersion = "5.5"

// Message is one message of the protocol. Its four dicts stay encoded until
// somebody knows what they are: what a Go struct does not name survives.
type Message struct {
	Identities   [][]byte // routing prefix; a reply carries that of its request
	Header       Header
	RawHeader    json.RawMessage // the header as it travelled
	ParentHeader json.RawMessage
	Metadata     json.RawMessage
	Content      json.RawMessage
	Buffers      [][]byte
}

// Header is the header of a message.
type Header struct {
	MsgID      string `json:"msg_id"`
	Session    string `json:"session"`
	Username   string `json:"username"`
	Date       string `json:"date"` // RFC 3339; clients leave it out
	MsgType    string `json:"msg_type"`
	Version    string `json:"version"`
	SubshellID string `json:"subshell_id,omitempty"`
}

// Content is the typed content of a message that can be sent.
type Content interface {
	// MsgType is the msg_type of the header that goes with the content.
	MsgType() string
}

// Decode reads the content into the struct of its type. Unknown keys are
// ignored.
func (m *Message) Decode(content Content) error {
	return json.Unmarshal(m.Content, content)
}

// date is how a header tells the time: UTC, microseconds, zone always named.
func date(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}
