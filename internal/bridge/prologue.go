// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"crypto/rand"
	_ "embed" // for the prologue
	"encoding/json"
	"strconv"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/display"
	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
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
func newNonce() string { return noncePrefix + rand.Text() + ":" }

const noncePrefix = "livy-kernel-"

// scalaDisplays tells Scala code that may call display or displayHTML.
var scalaDisplays = lazyregexp.New(`\bdisplay(HTML)?\b`)

// prepare sends what an interpreter needs before the statement, once. The
// statement waits for it on the server, and so nothing waits here but in a
// session of several kernels. Without it the cells run all the same.
func (b *Bridge) prepare(ctx context.Context, s *session, request livy.StatementRequest) {
	if s.prepared[request.Kind] {
		return
	}
	if s.nonce == "" {
		s.nonce = newNonce()
	}
	code := b.preparation(s.nonce, request)
	if code == "" {
		return
	}
	if s.prepared == nil {
		s.prepared = make(map[livy.Kind]bool)
	}
	s.prepared[request.Kind] = true
	statement := livy.StatementRequest{Code: code, Kind: request.Kind}
	if s.origin != created && request.Kind == livy.KindPySpark {
		b.agree(ctx, s, statement)
		return
	}
	if _, err := s.posts.Submit(ctx, statement); err != nil {
		b.log.Warn("the prologue was not sent", "session", s.livy.ID, "err", err)
	}
}

// agree sends the prologue to a session in which another kernel may have been
// before, or is still, and takes over its nonce.
func (b *Bridge) agree(ctx context.Context, s *session, statement livy.StatementRequest) {
	x := b.submit(ctx, s, statement)
	select {
	case <-x.done:
	case <-ctx.Done():
		x.stop()
		s.prepared[statement.Kind] = false
		return
	}
	if x.err != nil || x.stmt.Output == nil {
		b.log.Warn("the prologue was not sent", "session", s.livy.ID, "err", x.err)
		return
	}
	var text string
	_ = json.Unmarshal(x.stmt.Output.Data["text/plain"], &text) // what is no text tells nothing
	for _, item := range display.Parse(text, s.nonce) {
		if f := item.Frame; f != nil && f.Type == display.Nonce && strings.HasPrefix(f.Text, noncePrefix) {
			s.nonce = f.Text
		}
	}
}

// preparation returns what is to be sent before the statement.
func (b *Bridge) preparation(nonce string, request livy.StatementRequest) (code string) {
	switch request.Kind {
	case livy.KindPySpark:
		if b.mends {
			code = prologueOf(nonce)
		}
		if b.displays {
			code += display.Python(nonce)
			if b.byLog() {
				code += display.Live()
			}
		}
	case livy.KindSpark:
		if b.displays && scalaDisplays.MatchString(request.Code) {
			code = display.Scala(nonce)
		}
	}
	return code
}

// printedBefore takes what was printed before an error off its traceback, and
// shows what was not shown before.
func (p *player) printedBefore(out livy.Output) livy.Output {
	n := len(out.Traceback)
	if p.session.nonce != "" && n > 0 {
		if text, found := strings.CutPrefix(out.Traceback[n-1], p.session.nonce); found {
			out.Traceback = out.Traceback[:n-1]
			p.complete(text)
		}
	}
	return out
}
