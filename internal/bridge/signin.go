// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"html"
	"strings"
	"sync"

	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// asker is an auth.Prompter that has the cell which runs show what to do, in a
// line of which nothing stays in the notebook.
type asker struct {
	mu      sync.Mutex
	prompts []auth.Prompt
	line    line // in the cell that runs; without a sink where none does
}

// Prompt implements auth.Prompter.
func (a *asker) Prompt(_ context.Context, p auth.Prompt) (done func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.prompts = append(a.prompts, p)
	a.refresh()
	return sync.OnceFunc(func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		for i := range a.prompts {
			if a.prompts[i] == p {
				a.prompts = append(a.prompts[:i], a.prompts[i+1:]...)
				a.refresh()
				return
			}
		}
	})
}

// within has a cell show what is asked until leave is called.
func (a *asker) within(sink kernel.Sink) (leave func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.line = line{sink: sink}
	a.refresh()
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.line.end(signInEnded)
		a.line = line{}
	}
}

// refresh shows what is asked now. That is a display of its own, and not an
// update of another one: jupyter console prints displays and ignores updates.
// a.mu is held.
func (a *asker) refresh() {
	if a.line.sink == nil {
		return
	}
	a.line.end(signInEnded)
	a.line = line{sink: a.line.sink}
	if len(a.prompts) > 0 {
		a.line.show(inWords(a.prompts[len(a.prompts)-1]))
	}
}

// signInEnded takes the place of what was asked where that cannot be taken back.
const signInEnded = "The sign-in is over."

// asks reports whether somebody is to sign in.
func (a *asker) asks() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.prompts) > 0
}

// inWords returns what the line says.
func inWords(p auth.Prompt) (text, markup string) {
	text = render.Plain(p.Message)
	markup = "<p>" + html.EscapeString(text)
	if link, ok := signInLink(p.URL); ok {
		text += " " + link
		markup += " " + anchor(link, "Sign in")
	}
	if p.UserCode != "" && !strings.Contains(p.Message, p.UserCode) {
		code := render.Plain(p.UserCode)
		text += " Code: " + code
		markup += " Code: <code>" + html.EscapeString(code) + "</code>"
	}
	return text, markup + "</p>"
}

// canAsk returns the context of a cell, and what ends its asking. Where the
// front-end takes no input there is nobody to sign in: a run without a person
// must not wait, and must not keep a code in its outputs.
func (b *Bridge) canAsk(ctx context.Context, cell kernel.Cell, sink kernel.Sink) (asking context.Context, leave func()) {
	if !cell.AllowStdin {
		return ctx, func() {}
	}
	return auth.WithPrompter(ctx, &b.asker), b.asker.within(sink)
}
