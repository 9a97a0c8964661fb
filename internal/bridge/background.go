// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf16"

	"github.com/google/uuid"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// VS Code asks a Python kernel for completions and descriptions by code for
// IPython that runs in a thread, and takes the answer from a display: first an
// empty one of a MIME type with a number, then an update of another type.
var (
	backgroundType = lazyregexp.New(`application/vnd\.vscode\.bg\.execution\.\d+`)
	backgroundCall = lazyregexp.New(`get_ipython\(\)\.kernel\.do_(complete|inspect)\("((?:[^"\\]|\\[\s\S])*)",\s*(\d{1,9})(?:,\s*(\d{1,9}))?\)`)
)

// answerBackground answers such code as the requests that it stands for, and
// anything else that is asked for in this way by an error, so that VS Code does
// not wait. Nor does a cell that comes.
func (b *Bridge) answerBackground(ctx context.Context, cell kernel.Cell, sink kernel.Sink) {
	mime := backgroundType.Get().FindString(cell.Code)
	if mime == "" {
		return
	}
	ctx, done := context.WithCancel(ctx)
	defer done()
	b.background.Go(func() {
		select {
		case <-cell.Waiting:
			done()
		case <-ctx.Done():
		}
	})
	id := uuid.NewString()
	sink.Display(kernel.Display{ID: id, Data: kernel.MIMEBundle{mime: json.RawMessage(`""`)}})
	answer, err := b.backgroundAnswer(ctx, cell.Code)
	if err == nil {
		var encoded []byte
		if encoded, err = json.Marshal(answer); err == nil {
			sink.UpdateDisplay(kernel.Display{ID: id, Data: kernel.MIMEBundle{mime + ".result": encoded}})
			return
		}
	}
	encoded, encodeErr := json.Marshal(err.Error())
	if encodeErr == nil {
		sink.UpdateDisplay(kernel.Display{ID: id, Data: kernel.MIMEBundle{mime + ".error": encoded}})
	}
}

// backgroundAnswer returns the content of the reply that the code asks for.
func (b *Bridge) backgroundAnswer(ctx context.Context, text string) (wire.Content, error) {
	call := backgroundCall.Get().FindStringSubmatch(text)
	if call == nil {
		return nil, fmt.Errorf("this kernel has no IPython to run it")
	}
	code := unescape(call[2])
	position, err := strconv.Atoi(call[3])
	if err != nil {
		return nil, fmt.Errorf("cursor position: %w", err)
	}
	// The editor counts as JavaScript does.
	units := utf16.Encode([]rune(code))
	cursor := len(utf16.Decode(units[:min(position, len(units))]))
	if call[1] == "inspect" {
		detail := 0
		if call[4] == "1" {
			detail = 1
		}
		found, err := b.Inspect(ctx, code, cursor, detail)
		return wire.InspectReply{Status: wire.StatusOK, Found: found != nil, Data: found}, err
	}
	found, err := b.Complete(ctx, code, cursor)
	return wire.CompleteReply{
		Status: wire.StatusOK, Matches: found.Matches,
		CursorStart: unitsBefore(code, found.Start), CursorEnd: unitsBefore(code, found.End),
	}, err
}

// unitsBefore returns how many UTF-16 code units come before a code point.
func unitsBefore(code string, point int) int {
	return len(utf16.Encode([]rune(code)[:point]))
}

// escaped matches an escape sequence of a Python string.
var escaped = lazyregexp.New(`\\[\s\S]`)

// unescape returns the text that a string of VS Code's stands for.
func unescape(text string) string {
	return escaped.Get().ReplaceAllStringFunc(text, func(sequence string) string {
		switch sequence[1] {
		case 'n':
			return "\n"
		case 'r':
			return "\r"
		case 't':
			return "\t"
		case 'f':
			return "\f"
		case 'b':
			return "\b"
		case '\\', '"', '\'':
			return sequence[1:]
		}
		return sequence
	})
}
