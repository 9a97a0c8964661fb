// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/complete"
	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
)

// How long the session may take to answer. What the kernel knows by itself is
// told without it: people type on.
const (
	completeTime = 700 * time.Millisecond
	inspectTime  = time.Second
)

// Complete proposes magics, and what the text of the notebook and the session,
// if it is idle, know to fit at the cursor.
func (b *Bridge) Complete(ctx context.Context, code string, cursor int) (kernel.Completion, error) {
	cursor = clamp(cursor, code)
	if out, ok := completeMagic(code, cursor); ok {
		return out, nil
	}
	if out, ok := b.completeSetting(code, cursor); ok {
		return out, nil
	}
	ctx, done := context.WithTimeout(ctx, completeTime)
	defer done()
	kind, code := b.languageOf(code)
	switch kind {
	case livy.KindPySpark:
		return b.completePython(ctx, code, cursor), nil
	case livy.KindSpark:
		return b.completeScala(ctx, code, cursor), nil
	case livy.KindSQL:
		return b.completeSQL(ctx, code, cursor), nil
	}
	return kernel.Completion{Start: cursor, End: cursor}, nil
}

// completePython completes a name, an attribute, or a column's name in a string.
func (b *Bridge) completePython(ctx context.Context, code string, cursor int) kernel.Completion {
	p := complete.PlaceIn(code, cursor)
	out := kernel.Completion{Start: p.Start, End: p.End, Matches: b.cells.Python(code, p)}
	request := pythonRequest{Op: "complete", Of: p.Of, Strings: p.Strings, Module: p.Module}
	if p.Nowhere || p.Member && p.Of == nil || !p.Member && p.Strings == nil && p.Module == "" && p.Prefix == "" {
		return out
	}
	answer, ok := b.askPython(ctx, request)
	if !ok {
		return out
	}
	known := slices.Concat(complete.Matching(answer.Columns, p.Prefix), complete.Matching(answer.Names, p.Prefix))
	switch {
	case p.Strings != nil:
		out.Matches = complete.InText(answer.Names, p.Prefix)
	case p.Member && len(known) > 0:
		out.Matches = known
	default:
		out.Matches = append(out.Matches, known...)
	}
	out.Matches = distinct(out.Matches)
	return out
}

// completeScala completes by Livy's own interpreter, which answers with whole
// names, and by the words of the notebook.
func (b *Bridge) completeScala(ctx context.Context, code string, cursor int) kernel.Completion {
	p := complete.PlaceIn(code, cursor) // names are those of Python, near enough
	out := kernel.Completion{Start: p.Start, End: p.End}
	if !p.Member && p.Prefix != "" && p.Strings == nil {
		out.Matches = b.cells.Scala(code, p.Prefix)
	}
	b.mu.Lock()
	s, running := b.current, b.running > 0
	b.mu.Unlock()
	if s == nil || !s.started() || s.err != nil || running || cursor == 0 || ctx.Err() != nil {
		return out
	}
	found, err := s.client.Complete(ctx, s.address, livy.CompletionRequest{Code: code, Kind: livy.KindSpark, Cursor: cursor})
	if err != nil {
		b.log.Debug("completion", "err", err)
		return out
	}
	for i := range found {
		found[i] = render.Plain(found[i])
	}
	out.Matches = distinct(append(found, out.Matches...))
	return out
}

// languageOf returns the language of code, and the code with blanks in place of
// its magic: places in it stay what they are.
func (b *Bridge) languageOf(code string) (livy.Kind, string) {
	m, _, ok := splitMagic(code)
	if !ok || m.kindOf() == "" {
		return b.kind, code
	}
	return m.kindOf(), strings.Replace(code, m.String(), strings.Repeat(" ", len(m.String())), 1)
}

// distinct returns names without those that came before, in their order.
func distinct(names []string) []string {
	seen := make(map[string]bool, len(names))
	return slices.DeleteFunc(names, func(one string) bool {
		again := seen[one]
		seen[one] = true
		return again
	})
}
