// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package auth

import (
	"context"
	"time"
)

// Prompt asks a person to sign in. It is meant for their eyes and for as long
// as the sign-in goes on: it must not stay in a saved notebook.
type Prompt struct {
	// Message is one sentence in plain text that says what to do.
	Message string
	// URL is where it is done, an https URL.
	URL string
	// UserCode is what is typed in there; empty where the browser brings it.
	UserCode string
	// ExpiresAt is when the sign-in is given up.
	ExpiresAt time.Time
}

// Prompter shows prompts to a person.
type Prompter interface {
	// Prompt shows p until done is called. It does not wait for the person.
	Prompt(ctx context.Context, p Prompt) (done func())
}

// prompterKey is the key of the Prompter in a context.
type prompterKey struct{}

// WithPrompter returns a context in which somebody can be asked to sign in.
func WithPrompter(ctx context.Context, p Prompter) context.Context {
	return context.WithValue(ctx, prompterKey{}, p)
}

// PrompterFrom returns the Prompter of a context; nil where nobody can be
// asked.
func PrompterFrom(ctx context.Context) Prompter {
	p, _ := ctx.Value(prompterKey{}).(Prompter)
	return p
}
