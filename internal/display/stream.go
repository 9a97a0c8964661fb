// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package display

import "strings"

// Stream takes a text apart that comes piece by piece, as Parse does with the
// whole: no frame is torn, and no piece of the nonce is taken for text.
type Stream struct {
	nonce string
	rest  string // that may be the beginning of a frame
}

// NewStream returns a Stream for frames that begin with nonce.
func NewStream(nonce string) *Stream { return &Stream{nonce: nonce} }

// Add returns what is known for certain now that text has come.
func (s *Stream) Add(text string) []Item {
	text = s.rest + text
	sure := s.sure(text)
	s.rest = text[sure:]
	return Parse(text[:sure], s.nonce)
}

// End returns what is left when nothing more comes.
func (s *Stream) End() []Item {
	text := s.rest
	s.rest = ""
	return Parse(text, s.nonce)
}

// sure returns how much of text no later text changes the meaning of. A frame
// ends with its line, and one that was torn with it too.
func (s *Stream) sure(text string) int {
	if s.nonce == "" {
		return len(text)
	}
	line := strings.LastIndexByte(text, '\n') + 1
	if i := strings.Index(text[line:], s.nonce); i >= 0 {
		return line + i
	}
	for n := min(len(s.nonce)-1, len(text)-line); n > 0; n-- {
		if strings.HasSuffix(text, s.nonce[:n]) {
			return len(text) - n
		}
	}
	return len(text)
}
