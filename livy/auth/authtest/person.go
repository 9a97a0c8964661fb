// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package authtest

import (
	"context"
	"slices"
	"sync"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// Person is an auth.Prompter that does what it is asked to: it enters codes and
// opens links. The zero value of User refuses.
type Person struct {
	Authority *Authority
	User      string // the user name; empty for one who declines
	Absent    bool   // does nothing

	mu      sync.Mutex
	prompts []auth.Prompt
	shown   int
	errs    []error
	acting  sync.WaitGroup
}

// Prompt implements auth.Prompter.
func (p *Person) Prompt(_ context.Context, prompt auth.Prompt) (done func()) {
	p.mu.Lock()
	p.prompts = append(p.prompts, prompt)
	p.shown++
	p.mu.Unlock()
	if !p.Absent {
		p.acting.Go(func() { p.act(prompt) })
	}
	return sync.OnceFunc(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.shown--
	})
}

func (p *Person) act(prompt auth.Prompt) {
	var err error
	switch {
	case prompt.UserCode != "" && p.User == "":
		err = p.Authority.DeclineCode(prompt.UserCode)
	case prompt.UserCode != "":
		err = p.Authority.EnterCode(prompt.UserCode, p.User)
	default:
		var form Form
		if form, err = p.Authority.Visit(prompt.URL, p.User); err == nil {
			err = form.Post()
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.errs = append(p.errs, err)
	}
}

// Prompts returns what the person was asked.
func (p *Person) Prompts() []auth.Prompt {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.prompts)
}

// Shown returns how many prompts are shown now.
func (p *Person) Shown() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shown
}

// Errors waits until the person has done all, and returns what went wrong.
func (p *Person) Errors() []error {
	p.acting.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.errs)
}
