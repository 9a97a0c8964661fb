// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"strings"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy"
)

// Execute runs one cell: a magic of the kernel's own here, everything else as a
// statement on Spark.
func (b *Bridge) Execute(ctx context.Context, cell kernel.Cell, sink kernel.Sink) error {
	sink = &tidy{Sink: sink}
	ctx, leave := b.canAsk(ctx, cell, sink)
	defer leave()
	b.learnNotebook(cell)
	if housekeeping(cell) {
		b.answerBackground(ctx, cell, sink)
		return nil
	}
	cell.Code = withoutHarmless(cell.Code)
	m, body, isMagic := splitMagic(cell.Code)
	if isMagic && m.kindOf() == "" && !m.ofInterpreter() {
		return b.magic(ctx, m, body, sink)
	}
	kind, code, err := b.statementOf(cell)
	if err != nil || strings.TrimSpace(code) == "" {
		return err
	}
	if s := b.session(); unstored(cell) && (s == nil || !s.started()) {
		if !b.hold(cell) {
			return notHeld()
		}
		sink.Stream(wire.Stderr, "This code runs right before the first cell of the notebook.\n")
		return nil
	}
	s, err := b.ready(ctx, sink)
	if err != nil {
		return err
	}
	if err := b.runHeld(ctx, s, sink); err != nil {
		return err
	}
	return b.run(ctx, s, livy.StatementRequest{Code: code, Kind: kind}, sink)
}

// statementOf returns a cell's language and its code without the magic. The
// language is that of the magic, else the one that VS Code gives the cell, else
// the kernel's.
func (b *Bridge) statementOf(cell kernel.Cell) (livy.Kind, string, error) {
	kind, code := kindOfLanguage(cell.LanguageID), cell.Code
	if kind == "" {
		kind = b.kind
	}
	m, body, ok := splitMagic(cell.Code)
	if ok && m.kindOf() != "" {
		if strings.HasPrefix(m.args, "-") && m.kindOf() == livy.KindSQL {
			options, rest, err := parseSQLOptions(m.args)
			if err != nil {
				return "", "", sqlOptionError(err)
			}
			if query := rest + body; strings.TrimSpace(query) != "" {
				return livy.KindPySpark, options.program(query), nil
			}
			return livy.KindSQL, "", nil
		}
		if strings.HasPrefix(m.args, "-") {
			return "", "", magicOptions(m)
		}
		kind, code = m.kindOf(), body
		if m.args != "" {
			code = m.args + body // code on the magic's own line
		}
	}
	if kind == livy.KindPySpark {
		if bare := bareMagic.Get().FindString(code); bare != "" {
			return "", "", bareMagicError(strings.TrimSpace(bare))
		}
	}
	return kind, code, nil
}

// runHeld runs what was held back until the first cell. A failure of it does
// not keep the cell from running, as it would not have before the cell.
func (b *Bridge) runHeld(ctx context.Context, s *session, sink kernel.Sink) error {
	held := b.held
	b.held = nil
	for _, cell := range held {
		kind, code, err := b.statementOf(cell)
		if err == nil {
			err = b.run(ctx, s, livy.StatementRequest{Code: code, Kind: kind}, sink)
		}
		if ctx.Err() != nil || b.session() != s {
			return err
		}
		if err != nil {
			sink.Stream(wire.Stderr, "Start-up code of the front-end failed: "+err.Error()+"\n")
		}
	}
	return nil
}
