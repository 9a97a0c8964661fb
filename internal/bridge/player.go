// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"

	"github.com/livy-kernel/livy-kernel/internal/display"
	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// player shows what a statement prints, its text and the outputs in it, in
// their order and each once: as it comes, or at the statement's end.
type player struct {
	b       *Bridge
	session *session
	sink    kernel.Sink
	stream  *display.Stream
	screen  render.Screen
	held    []display.Item // from the first one on that has to wait
	results int            // among held
	atEnd   bool           // figures are left open
	began   bool           // there was text
	told    []string       // all of it
	size    int            // of it, in bytes
	clears  bool           // the next output clears those before it
	cleared func()         // is called when the outputs are cleared; may be nil
}

func (b *Bridge) newPlayer(s *session, sink kernel.Sink) *player {
	return &player{b: b, session: s, sink: sink, stream: display.NewStream(s.nonce)}
}

// play shows the whole text of a statement of the session's.
func (b *Bridge) play(ctx context.Context, s *session, text string, sink kernel.Sink) error {
	p := b.newPlayer(s, sink)
	p.add(text)
	return p.end(ctx)
}

// add shows text that the statement has printed, as far as it need not wait.
func (p *player) add(text string) {
	if text == "" {
		return
	}
	p.began = true
	p.told, p.size = append(p.told, text), p.size+len(text)
	for _, item := range p.stream.Add(text) {
		p.hold(item)
	}
	for len(p.held) > 0 && !p.waits(p.held[0]) {
		p.show(p.held[0])
		p.held = p.held[1:]
	}
}

func (p *player) hold(item display.Item) {
	p.held = append(p.held, item)
	if item.Frame != nil && item.Frame.Type == display.ExecuteResult {
		p.results++
	}
}

// waits reports whether an item can be shown only when it is known what
// follows: the last result is the cell's, and what is stored in the session is
// fetched when the statement has ended. Both come last, in most cells.
func (p *player) waits(item display.Item) bool {
	if item.Frame == nil {
		return false
	}
	return item.Frame.Type == display.Stored || item.Frame.Type == display.ExecuteResult && p.results == 1
}

// end shows the rest: nothing more comes.
func (p *player) end(ctx context.Context) error {
	for _, item := range p.stream.End() {
		p.hold(item)
	}
	held := p.held
	p.held = nil
	for _, item := range held {
		if item.Frame != nil && item.Frame.Type == display.Stored {
			stored, err := p.b.fetch(ctx, p.session, item.Frame.Key, p.sink)
			if err != nil {
				return err
			}
			if item.Frame = stored; stored == nil {
				continue
			}
		}
		p.show(item)
	}
	p.print(p.screen.End())
	if !p.atEnd {
		return nil
	}
	p.atEnd = false
	out, err := p.b.followUp(ctx, p.session, display.Flush(), p.sink)
	if err != nil || out == "" {
		return err
	}
	return p.b.play(ctx, p.session, out, p.sink)
}

// pauses reports whether something else may be shown now: not within a line,
// and not before what a clear_output waits for.
func (p *player) pauses() bool { return !p.screen.Within() && !p.clears }

// leave shows what is there of a statement that nobody waits for any more.
func (p *player) leave() {
	for _, item := range p.held {
		p.show(item)
	}
	p.held = nil
	p.print(p.screen.End())
}

// show shows one item.
func (p *player) show(item display.Item) {
	if item.Frame == nil {
		p.print(p.screen.Add(item.Text))
		return
	}
	p.frame(item.Frame)
}

func (p *player) print(text string) {
	if text != "" {
		p.clears = false
		p.sink.Stream(wire.Stdout, text)
	}
}

// between readies the printed text for an output that comes within it.
func (p *player) between() {
	p.print(p.screen.Break())
	p.clears = false
}

// frame shows one frame.
func (p *player) frame(f *display.Frame) {
	switch f.Type {
	case display.AtEnd:
		p.atEnd = true
	case display.ClearOutput:
		p.print(p.screen.Break())
		p.clears = f.Wait
		p.sink.ClearOutput(f.Wait)
		if p.cleared != nil {
			p.cleared()
		}
	case display.UpdateDisplayData:
		p.sink.UpdateDisplay(kernel.Display{ID: f.DisplayID, Data: bundleOf(f), Metadata: f.Metadata})
	case display.ExecuteResult:
		p.between()
		if p.results--; p.results <= 0 {
			p.sink.Result(bundleOf(f), f.Metadata)
			break
		}
		p.sink.Display(kernel.Display{Data: bundleOf(f), Metadata: f.Metadata})
	case display.DisplayData:
		p.between()
		p.sink.Display(kernel.Display{ID: f.DisplayID, Data: bundleOf(f), Metadata: f.Metadata})
	case display.Stored, display.Part, display.Nonce, display.Before: // nobody has asked for it
	}
}
