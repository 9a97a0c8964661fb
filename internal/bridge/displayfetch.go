// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"fmt"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/display"
	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy"
)

// maxFetched bounds one output that is fetched in parts, in bytes. The helper
// stores none that is larger.
const maxFetched = 80 << 20

// fetch gets an output for which there was no room in its statement. It is nil
// where the session has it no more, which the user is told.
func (b *Bridge) fetch(ctx context.Context, s *session, key int, sink kernel.Sink) (*display.Frame, error) {
	var whole strings.Builder
	for whole.Len() < maxFetched {
		text, err := b.followUp(ctx, s, display.Fetch(key), sink)
		if err != nil {
			return nil, err
		}
		part := partOf(text, s.nonce)
		if part == nil || part.Text == "" {
			break
		}
		whole.WriteString(part.Text)
		if part.Last {
			if f, ok := display.Decode(whole.String()); ok && f.Type != display.Stored {
				return f, nil
			}
			break
		}
	}
	sink.Stream(wire.Stderr, "An output of this cell was left out: the session does not have it any more.\n")
	return nil, nil //nolint:nilnil // nothing is what there is
}

// partOf returns the part among what was printed.
func partOf(text, nonce string) *display.Frame {
	for _, item := range display.Parse(text, nonce) {
		if item.Frame != nil && item.Frame.Type == display.Part {
			return item.Frame
		}
	}
	return nil
}

// followUp runs a statement of the kernel's own after that of the cell, as a
// part of it, and returns what it printed.
func (b *Bridge) followUp(ctx context.Context, s *session, code string, sink kernel.Sink) (string, error) {
	if ctx.Err() != nil || b.session() != s {
		sink.Stream(wire.Stderr, "An output of this cell was left out: the cell was interrupted.\n")
		return "", nil
	}
	x := b.submit(ctx, s, livy.StatementRequest{Code: code, Kind: livy.KindPySpark})
	select {
	case <-x.done:
	case <-ctx.Done():
		return "", b.interrupt(ctx, s, x, b.newPlayer(s, sink))
	}
	if x.err != nil || x.stmt.Output == nil {
		return "", b.conclude(ctx, s, x, false, b.newPlayer(s, sink))
	}
	if failure := render.Failure(*x.stmt.Output); failure != nil {
		sink.Stream(wire.Stderr, fmt.Sprintf("An output of this cell was left out: %s: %s\n", failure.EName, failure.EValue))
		return "", nil
	}
	return x.plainText(), nil
}
