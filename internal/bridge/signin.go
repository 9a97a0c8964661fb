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

// asker is an auth.Prompter that has the cell which runs show what to do. A
// line of it says so, and nothing of that stays in the notebook.
type asker struct {
	mu      sync.Mutex
	prompts []auth.Prompt
}

// Prompt implements auth.Prompter.
func (a *asker) Prompt(_ context.Context, p auth.Prompt) (done func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.prompts = append(a.prompts, p)
	return sync.OnceFunc(func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		for i := range a.prompts {
			if a.prompts[i] == p {
				a.prompts = append(a.prompts[:i], a.prompts[i+1:]...)
				return
			}
		}
	})
}

// asks reports whether somebody is to sign in, and what the line says then.
func (a *asker) asks() (text, markup string, yes bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.prompts) == 0 {
		return "", "", false
	}
	p := a.prompts[len(a.prompts)-1]
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
	return text, markup + "</p>", true
}

// canAsk returns the context of a cell. Where the front-end takes no input there
// is nobody to sign in: a run without a person must not wait, and must not keep
// a code in its outputs.
func (b *Bridge) canAsk(ctx context.Context, cell kernel.Cell) context.Context {
	if !cell.AllowStdin {
		return ctx
	}
	return auth.WithPrompter(ctx, &b.asker)
}
