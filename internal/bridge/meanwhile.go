// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"

	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy"
)

// meanwhile shows the result of the statement that ran when the session's
// earlier kernel ended, above that of the cell that took the session up. One
// that still runs is waited for, as the cell would have to anyway.
func (b *Bridge) meanwhile(ctx context.Context, s *session, sink kernel.Sink) error {
	record := s.entry.held()
	if record == nil || record.Record().Statement == "" {
		return nil
	}
	id := record.Record().Statement
	sink.Stream(wire.Stderr, "The cell that ran when the last kernel ended:\n")
	x := b.execute(ctx, s, live, func(ctx context.Context) (livy.Statement, error) { return s.client.Statement(ctx, s.address, id) })
	err := b.attend(ctx, s, x, sink)
	var failed *kernel.CellError
	switch {
	case ctx.Err() != nil, b.session() != s:
		return err
	case errors.As(err, &failed):
		sink.Stream(wire.Stderr, failed.EName+": "+failed.EValue+"\n")
	case err != nil:
		return err
	}
	s.entry.update(func(r *sessions.Record) { r.Statement = "" })
	sink.Stream(wire.Stderr, "This cell:\n")
	return nil
}
