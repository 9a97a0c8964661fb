// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Session is one end of the conversation: it signs and numbers what it sends
// and checks what it receives. It is safe for concurrent use.
type Session struct {
	id       string
	username string
	key      []byte
	seen     replayMemory
}

// NewSession returns a session with an id of its own, which the header of each
// sent message carries. With an empty key nothing is signed and nothing
// checked, as the protocol has it.
func NewSession(key []byte, username string) *Session {
	return &Session{id: uuid.NewString(), username: username, key: key}
}

// ID is the session's uuid.
func (s *Session) ID() string { return s.id }

// Message makes a message with a fresh header. parent is the request that it
// answers and lends identities and header; nil stands for no parent. The
// error tells that content cannot be encoded.
func (s *Session) Message(content Content, parent *Message) (*Message, error) {
	encoded, err := encode(content)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", content.MsgType(), err)
	}
	header := Header{
		MsgID:    uuid.NewString(),
		Session:  s.id,
		Username: s.username,
		Date:     date(time.Now()),
		MsgType:  content.MsgType(),
		Version:  ProtocolVersion,
	}
	raw, err := encode(header)
	if err != nil {
		return nil, fmt.Errorf("encode header: %w", err)
	}
	m := &Message{
		Header:       header,
		RawHeader:    raw,
		ParentHeader: json.RawMessage("{}"),
		Metadata:     json.RawMessage("{}"),
		Content:      encoded,
	}
	if parent != nil {
		m.Identities = parent.Identities
		m.ParentHeader = parent.RawHeader
	}
	return m, nil
}
