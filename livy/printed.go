// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"context"
	"sync"
)

// Printed is a stretch of what a statement has printed.
type Printed struct {
	From int    `json:"from"` // offset in bytes
	Text string `json:"text"`
}

// WithPrinted returns a context for one statement, from its submission to its
// end. A server that can tells under it what the statement prints while it
// runs: printed is called with each stretch, in order and none twice. The
// statement's output does not hold that text again. Of other servers, and of a
// statement that has ended before it printed for long, the output alone tells.
func WithPrinted(ctx context.Context, printed func(text string)) context.Context {
	return context.WithValue(ctx, printedKey{}, &listener{tell: printed})
}

// withoutPrinted returns a context under which nothing is told.
func withoutPrinted(ctx context.Context) context.Context {
	return context.WithValue(ctx, printedKey{}, (*listener)(nil))
}

type printedKey struct{}

// listener is told what a statement prints. A nil one is not.
type listener struct {
	tell func(text string)

	mu     sync.Mutex
	offset int // behind what was told
}

func listenerOf(ctx context.Context) *listener {
	l, _ := ctx.Value(printedKey{}).(*listener)
	return l
}

// heard is the offset of what is still to be told.
func (l *listener) heard() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.offset
}

// hear tells what is new in p, and reports whether anything is.
func (l *listener) hear(p *Printed) bool {
	if l == nil || p == nil {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	text := p.Text
	if known := l.offset - p.From; known > 0 {
		text = text[min(known, len(text)):]
	}
	if text == "" {
		return false
	}
	l.offset = max(l.offset, p.From) + len(text)
	l.tell(text)
	return true
}
