// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package display

import (
	"encoding/json"
	"strings"

	"github.com/livy-kernel/livy-kernel/kernel"
)

// Type tells what a frame holds: an output by the name of its Jupyter message,
// or word of an output that is still to come.
type Type string

// The types of frames.
const (
	DisplayData       Type = "display_data"
	UpdateDisplayData Type = "update_display_data"
	ExecuteResult     Type = "execute_result"
	ClearOutput       Type = "clear_output"

	// Stored is in the place of a frame that [Fetch] of its Key gets, in one
	// Part or more, of which the last one says so.
	Stored Type = "stored"
	Part   Type = "part"
	// AtEnd asks for [Flush] after the cell.
	AtEnd Type = "flush"
	// Nonce tells the nonce of the kernel that was first in the interpreter:
	// it stays in force. Text holds it.
	Nonce Type = "nonce"
	// Before holds, as Text, what a statement printed before an error.
	Before Type = "printed"
)

// Frame is what the helper sends.
type Frame struct {
	Type      Type              `json:"type"`
	Data      kernel.MIMEBundle `json:"data"`
	Metadata  kernel.MIMEBundle `json:"metadata"`
	DisplayID string            `json:"display_id"`
	Wait      bool              `json:"wait"` // of ClearOutput
	Key       int               `json:"key"`  // of Stored
	Text      string            `json:"text"` // of Part, of Nonce, of Before
	Last      bool              `json:"last"` // of Part
}

// Item is a stretch of a statement's text: a frame, or what was printed.
type Item struct {
	Frame *Frame // nil for text
	Text  string
}

// Parse takes the text of a statement apart, in order. What follows the nonce
// and is no frame, since something has cut it or written into it, is text.
func Parse(text, nonce string) []Item {
	var items []Item
	say := func(text string) {
		switch n := len(items); {
		case text == "":
		case n > 0 && items[n-1].Frame == nil:
			items[n-1].Text += text
		default:
			items = append(items, Item{Text: text})
		}
	}
	for nonce != "" {
		before, rest, found := strings.Cut(text, nonce)
		if !found {
			break
		}
		say(before)
		line, after, ended := strings.Cut(rest, "\n")
		if f, ok := Decode(line); ok {
			items = append(items, Item{Frame: f})
			text = after
			continue
		}
		// Another frame may begin within what remains of this one.
		if i := strings.Index(line, nonce); i >= 0 {
			say(line[:i])
			text = rest[i:]
			continue
		}
		if ended {
			line += "\n"
		}
		say(line)
		text = after
	}
	say(text)
	return items
}

// Decode reads a frame without its nonce.
func Decode(text string) (*Frame, bool) {
	var f Frame
	if json.Unmarshal([]byte(text), &f) != nil {
		return nil, false
	}
	switch f.Type {
	case DisplayData, UpdateDisplayData, ExecuteResult:
		return &f, len(f.Data) > 0
	case ClearOutput, Part, AtEnd, Nonce, Before:
		return &f, true
	case Stored:
		return &f, f.Key > 0
	}
	return nil, false
}
