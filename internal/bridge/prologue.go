// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"crypto/rand"
	_ "embed" // for the prologue
	"strconv"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy"
)

// prologue runs once in the Python interpreter of an Apache Livy session,
// before the first cell. It mends two faults of it, which are described there.
//
//go:embed prologue.py
var prologue string

// prologueOf returns the prologue for a session with that nonce.
func prologueOf(nonce string) string {
	return strings.Replace(prologue, "NONCE", strconv.QuoteToASCII(nonce), 1)
}

// newNonce returns what marks a text as sent along by the prologue, and not by
// the user's code, which does not know it.
func newNonce() string { return "livy-kernel-" + rand.Text() + ":" }

// begins reports whether a statement is the first of its interpreter, which
// needs the prologue.
func (b *Bridge) begins(s *session, kind livy.Kind) bool {
	return b.mends && kind == livy.KindPySpark && s.nonce == ""
}

// sendPrologue posts the prologue. The statement that follows waits for it on
// the server, and so nothing waits here. Without it the cells run all the same.
func (b *Bridge) sendPrologue(ctx context.Context, s *session) {
	s.nonce = newNonce()
	if _, err := s.posts.Submit(ctx, livy.StatementRequest{Code: prologueOf(s.nonce), Kind: livy.KindPySpark}); err != nil {
		b.log.Warn("the prologue was not sent", "session", s.livy.ID, "err", err)
	}
}

// printedBefore takes what was printed before an error off its traceback, and
// shows it.
func (s *session) printedBefore(out livy.Output, sink kernel.Sink) livy.Output {
	n := len(out.Traceback)
	if s.nonce == "" || n == 0 {
		return out
	}
	text, found := strings.CutPrefix(out.Traceback[n-1], s.nonce)
	if !found {
		return out
	}
	out.Traceback = out.Traceback[:n-1]
	sink.Stream(wire.Stdout, render.Stream(text))
	return out
}
