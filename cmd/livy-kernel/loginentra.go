// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/connect"
	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/entra"
	"github.com/livy-kernel/livy-kernel/livy/auth/tokencache"
)

// terminal shows what a person has to do to sign in.
type terminal struct{ w io.Writer }

// Prompt implements auth.Prompter.
func (t terminal) Prompt(_ context.Context, p auth.Prompt) (done func()) {
	fmt.Fprintf(t.w, "%s\n  %s\n", p.Message, p.URL)
	if p.UserCode != "" {
		fmt.Fprintf(t.w, "  Code: %s\n", p.UserCode)
	}
	return func() {}
}

// asking returns a context in which whoever sits at the terminal is asked to
// sign in. Where nobody does, nobody is asked.
func (a *app) asking(ctx context.Context) context.Context {
	for _, end := range []any{a.stdin, a.stderr} {
		if f, ok := end.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
			return ctx
		}
	}
	return auth.WithPrompter(ctx, terminal{a.stderr})
}

// signInToEntra signs a profile in ahead of its first cell.
func (a *app) signInToEntra(ctx context.Context, p config.Profile) error {
	return a.withSource(p, func(s *entra.Source) error {
		if err := s.SignIn(ctx, terminal{a.stderr}); err != nil {
			return signInError(err, p)
		}
		account, _, err := s.Account(ctx)
		if err != nil {
			return err
		}
		a.say("Signed in as %s (%s).", account.Name, account.Flow)
		switch account.Storage {
		case "", tokencache.StorageMemory:
			if account.Flow == entra.FlowBrowser || account.Flow == entra.FlowDeviceCode {
				a.warn("the sign-in ends with this command, since this system has no keyring; the first cell asks again")
			}
		case tokencache.StorageFile:
			a.say("The sign-in is kept in a file that only you can read.")
		default:
			a.say("The sign-in is kept encrypted; its key is in the %s.", account.Storage)
		}
		for _, notice := range s.Notices() {
			a.warn(notice)
		}
		return nil
	})
}

func (a *app) signOutOfEntra(ctx context.Context, p config.Profile) error {
	return a.withSource(p, func(s *entra.Source) error {
		if err := s.SignOut(ctx); err != nil {
			return err
		}
		a.say("The sign-in of profile %s is forgotten on this machine.", p.Name)
		return nil
	})
}

func (a *app) withSource(p config.Profile, do func(*entra.Source) error) error {
	log, closeLog, err := newLog(a.stderr, a.env)
	if err != nil {
		return err
	}
	source, err := connect.SignIn(a.connectOptions(p, log))
	if err == nil {
		defer source.CloseIdleConnections()
		err = do(source)
	}
	return errors.Join(err, closeLog())
}

// signInError adds what to do where the words of an error do not say it.
func signInError(err error, p config.Profile) error {
	var astray *auth.OriginError
	if errors.As(err, &astray) {
		return hint(err, "livy-kernel install %s --endpoint URL", shellWord(p.Name))
	}
	return err
}
