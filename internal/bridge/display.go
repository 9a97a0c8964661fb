// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/display"
	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy"
)

// tableType is the MIME type by which the helper sends rows: a SQL result, and
// whether there are more.
const tableType = "application/vnd.livy-kernel.table+json"

// player shows what a statement has printed: its text, and the outputs in it,
// in their order.
type player struct {
	b       *Bridge
	session *session
	sink    kernel.Sink
	results int  // that are still to come; the last one is the cell's
	atEnd   bool // figures are left open
}

// play shows the text of a statement of the session's.
func (b *Bridge) play(ctx context.Context, s *session, text string, sink kernel.Sink) error {
	p := &player{b: b, session: s, sink: sink}
	items := display.Parse(text, s.nonce)
	for _, item := range items {
		if item.Frame != nil && item.Frame.Type == display.ExecuteResult {
			p.results++
		}
	}
	for i, item := range items {
		if item.Frame != nil {
			if err := p.frame(ctx, item.Frame); err != nil {
				return err
			}
			continue
		}
		shown := render.Stream(item.Text)
		if i == len(items)-1 && !strings.HasSuffix(shown, "\n") {
			shown += "\n" // Livy has stripped it off
		}
		sink.Stream(wire.Stdout, shown)
	}
	if !p.atEnd {
		return nil
	}
	out, err := b.followUp(ctx, s, display.Flush(), sink)
	if err != nil || out == "" {
		return err
	}
	return b.play(ctx, s, out, sink)
}

// frame shows one frame.
func (p *player) frame(ctx context.Context, f *display.Frame) error {
	switch f.Type {
	case display.Stored:
		stored, err := p.b.fetch(ctx, p.session, f.Key, p.sink)
		if err != nil || stored == nil {
			return err
		}
		return p.frame(ctx, stored)
	case display.AtEnd:
		p.atEnd = true
	case display.ClearOutput:
		p.sink.ClearOutput(f.Wait)
	case display.UpdateDisplayData:
		p.sink.UpdateDisplay(kernel.Display{ID: f.DisplayID, Data: bundleOf(f), Metadata: f.Metadata})
	case display.ExecuteResult:
		if p.results--; p.results <= 0 {
			p.sink.Result(bundleOf(f), f.Metadata)
			break
		}
		p.sink.Display(kernel.Display{Data: bundleOf(f), Metadata: f.Metadata})
	case display.DisplayData:
		p.sink.Display(kernel.Display{ID: f.DisplayID, Data: bundleOf(f), Metadata: f.Metadata})
	case display.Part, display.Nonce: // nobody has asked for it
	}
	return nil
}

// bundleOf returns what a frame shows, its rows as a table.
func bundleOf(f *display.Frame) kernel.MIMEBundle {
	raw, ok := f.Data[tableType]
	if !ok {
		return render.Whole(f.Data)
	}
	if t, ok := render.Rows(raw); ok {
		return t.Bundle()
	}
	return render.Whole(f.Data)
}

// unframed shows the outputs that the text of a statement holds, and returns
// what else there is. Without frames it shows nothing, and all is left.
func (b *Bridge) unframed(ctx context.Context, s *session, out livy.Output, sink kernel.Sink) (livy.Output, error) {
	var text string
	printed := out.Data["text/plain"] // may be large, and the nonce stands there as it is
	if s.nonce == "" || !bytes.Contains(printed, []byte(s.nonce)) || json.Unmarshal(printed, &text) != nil {
		return out, nil
	}
	if len(out.Data) > 1 { // the result is that of a magic of Livy's
		sink = withoutResult{sink}
	}
	rest := livy.Output{Status: out.Status, Data: make(map[string]json.RawMessage)}
	for mime, raw := range out.Data {
		if mime != "text/plain" {
			rest.Data[mime] = raw
		}
	}
	return rest, b.play(ctx, s, text, sink)
}

// withoutResult is a Sink whose results are displays: a cell has one result.
type withoutResult struct{ kernel.Sink }

func (w withoutResult) Result(data, metadata kernel.MIMEBundle) {
	w.Display(kernel.Display{Data: data, Metadata: metadata})
}
