// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// delimiter parts the routing prefix of a message from the message.
const delimiter = "<IDS|MSG>"

// maxIdentities bounds the search for the delimiter. A client sends one
// identity, each broker on the way may add another.
const maxIdentities = 16

// Why Parse refuses frames.
var (
	ErrMalformed = errors.New("wire: malformed message")
	ErrSignature = errors.New("wire: wrong signature")
	ErrReplay    = errors.New("wire: message seen before")
)

// Parse reads one message from its frames: identities, delimiter, signature,
// header, parent header, metadata, content, buffers. The error is one of
// ErrMalformed, ErrSignature and ErrReplay. The message shares the memory of
// the frames.
func (s *Session) Parse(frames [][]byte) (*Message, error) {
	at := -1
	for i := range min(len(frames), maxIdentities+1) {
		if string(frames[i]) == delimiter {
			at = i
			break
		}
	}
	if at < 0 {
		return nil, fmt.Errorf("%w: no delimiter", ErrMalformed)
	}
	parts := frames[at+1:]
	if len(parts) < 5 {
		return nil, fmt.Errorf("%w: %d parts after the delimiter, want 5", ErrMalformed, len(parts))
	}
	if err := s.verify(parts[0], parts[1:5]); err != nil {
		return nil, err
	}
	m := &Message{
		Identities:   frames[:at:at],
		RawHeader:    parts[1],
		ParentHeader: parts[2],
		Metadata:     parts[3],
		Content:      parts[4],
		Buffers:      parts[5:],
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return m, nil
}

// check decodes the header and sees that the other dicts are JSON.
func (m *Message) check() error {
	for _, d := range []struct {
		name string
		raw  json.RawMessage
	}{{"parent header", m.ParentHeader}, {"metadata", m.Metadata}, {"content", m.Content}} {
		if !json.Valid(d.raw) {
			return fmt.Errorf("%s is not JSON", d.name)
		}
	}
	// Kernels and clients disagree about the optional fields of a header: a
	// field of an unexpected type is left empty.
	var wrongType *json.UnmarshalTypeError
	if err := json.Unmarshal(m.RawHeader, &m.Header); err != nil && !errors.As(err, &wrongType) {
		return errors.New("header is not JSON")
	}
	if m.Header.MsgType == "" {
		return errors.New("header without msg_type")
	}
	return nil
}

// Frames are the signed frames of a message.
func (s *Session) Frames(m *Message) [][]byte {
	dicts := [][]byte{m.RawHeader, m.ParentHeader, m.Metadata, m.Content}
	frames := make([][]byte, 0, len(m.Identities)+6+len(m.Buffers))
	frames = append(frames, m.Identities...)
	frames = append(frames, []byte(delimiter), s.sign(dicts))
	frames = append(frames, dicts...)
	return append(frames, m.Buffers...)
}

// encode is JSON in which nothing is escaped without need: the < of an HTML
// table stays one byte.
func encode(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return cleanText(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}
