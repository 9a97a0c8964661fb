// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"crypto/rand"
	_ "embed" // for the prologue
	"strconv"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/display"
	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/internal/sessions"
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
	for _, h := range b.helpers(request) {
		if s.prepared[h] {
			continue
		}
		if s.prepared == nil {
			s.prepared = make(map[helper]bool)
		}
		s.prepared[h] = true
		statement := livy.StatementRequest{Code: b.codeOf(h, s.nonce), Kind: request.Kind}
		if s.origin != created && h != scalaDisplay {
			s.prepared[h] = b.agree(ctx, s, statement)
			continue
		}
		if _, err := s.posts.Submit(ctx, statement); err != nil {
			b.log.Warn("the prologue was not sent", "session", s.livy.ID, "err", err)
		}
	}
}

// marked takes over the nonce of a session that is recorded.
func (s *session) marked(r sessions.Record) {
	if r.Nonce != "" {
		s.nonce = r.Nonce
	}
}

// helper is code that is sent to an interpreter once.
type helper int

const (
	pythonHelper helper = iota // the prologue, display, and the way into the log
	scalaCells                 // what runs the lines of an Apache Livy's cells
	scalaDisplay
)

// helpers returns what a statement needs to be there.
func (b *Bridge) helpers(request livy.StatementRequest) (needed []helper) {
	switch request.Kind {
	case livy.KindPySpark:
		if b.mends || b.displays {
			needed = append(needed, pythonHelper)
		}
	case livy.KindSpark:
		if b.mends {
			needed = append(needed, scalaCells)
		}
		if b.displays && scalaDisplays.MatchString(request.Code) {
			needed = append(needed, scalaDisplay)
		}
	}
	return needed
}

// codeOf returns the code of a helper.
func (b *Bridge) codeOf(h helper, nonce string) (code string) {
	switch h {
	case pythonHelper:
		if b.mends {
			code = prologueOf(nonce)
		}
		if b.displays {
			code += display.Python(nonce)
			if b.byLog() {
				code += display.Live()
			}
		}
	case scalaCells:
		code = display.Cells(nonce, b.byLog())
	case scalaDisplay:
		code = display.Scala(nonce)
	}
	return code
}

// agree sends the prologue to a session in which another kernel may have been
// before, or is still, and takes over its nonce, which no record may tell: it
// may be of another machine. It reports whether the cell was not given up
// meanwhile.
func (b *Bridge) agree(ctx context.Context, s *session, statement livy.StatementRequest) bool {
	x := b.submit(ctx, s, statement)
	select {
	case <-x.done:
	case <-ctx.Done():
		x.stop()
		return false
	}
	if x.err != nil || x.stmt.Output == nil {
		b.log.Warn("the prologue was not sent", "session", s.livy.ID, "err", x.err)
		return true
	}
	for _, item := range display.Parse(x.plainText(), s.nonce) {
		if f := item.Frame; f != nil && f.Type == display.Nonce && strings.HasPrefix(f.Text, noncePrefix) {
			s.nonce = f.Text
			s.entry.update(func(r *sessions.Record) { r.Nonce = s.nonce })
		}
	}
	return true
}
