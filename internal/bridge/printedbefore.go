// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/display"
	"github.com/livy-kernel/livy-kernel/livy"
)

// printedBefore takes what was printed before an error off its traceback, and
// shows what was not shown before. found is false where none came along.
func (p *player) printedBefore(out livy.Output) (_ livy.Output, found bool) {
	nonce, n := p.session.nonce, len(out.Traceback)
	if out.Status != "error" {
		return out, false
	}
	if n > 0 {
		if text, found := strings.CutPrefix(out.Traceback[n-1], nonce); found { // of Python
			out.Traceback = out.Traceback[:n-1]
			p.complete(text)
			return out, true
		}
	}
	// Livy has made the first line that a line of Scala printed the evalue.
	lines := append([]string{out.EValue}, out.Traceback...)
	text, lines, found := display.TakeBefore(lines, nonce)
	if !found {
		return out, false
	}
	p.complete(text)
	out.EValue, out.Traceback = "", nil
	if len(lines) > 0 {
		out.EValue, out.Traceback = strings.TrimSpace(lines[0]), lines[1:]
	}
	return out, true
}

// printedEarlier asks for what a Scala statement printed with the lines before
// the one that the compiler has refused, and shows it. Without an answer the
// cell shows its error alone.
func (p *player) printedEarlier(ctx context.Context, id livy.StatementID) error {
	source, s := p.b.failures.source, p.session
	if !s.prepared[scalaCells] || source.Kind != livy.KindSpark || !strings.Contains(strings.TrimSpace(source.Code), "\n") {
		return nil
	}
	x := p.b.submit(ctx, s, livy.StatementRequest{Code: display.Earlier(string(id)), Kind: livy.KindSpark})
	select {
	case <-x.done:
	case <-ctx.Done():
		return p.b.interrupt(ctx, s, x, p.b.newPlayer(s, p.sink))
	}
	if text, _, ok := display.TakeBefore(strings.SplitAfter(x.plainText(), "\n"), s.nonce); ok {
		p.complete(text)
	}
	return nil
}
