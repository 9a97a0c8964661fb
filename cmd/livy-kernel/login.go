// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/connect"
	"github.com/livy-kernel/livy-kernel/livy/auth"
)

func (a *app) login() *cobra.Command {
	return &cobra.Command{
		Use:   "login NAME",
		Short: "sign in ahead of the first cell, or keep a password",
		Long: `Signs a profile in to Microsoft Entra, in the browser or with a code, and keeps
the sign-in encrypted. For a profile with basic authentication it asks for the
password, which can be piped in, and keeps it in the system's keyring; where
there is none, set LIVY_KERNEL_PASSWORD where the kernel starts.`,
		Example: `  livy-kernel login sales
  livy-kernel login mycluster
  livy-kernel login mycluster < password.txt`,
		Args: arguments(1, 1), ValidArgsFunction: a.profileNames,
		RunE: command(func(ctx context.Context, args []string) error { return a.runLogin(ctx, args[0]) }),
	}
}

func (a *app) logout() *cobra.Command {
	return &cobra.Command{
		Use:     "logout NAME",
		Short:   "forget the sign-in or the password of a profile",
		Long:    "Removes the sign-in or the password of a profile from this machine.",
		Example: "  livy-kernel logout mycluster",
		Args:    arguments(1, 1), ValidArgsFunction: a.profileNames,
		RunE: command(func(ctx context.Context, args []string) error { return a.runLogout(ctx, args[0]) }),
	}
}

func (a *app) runLogin(ctx context.Context, name string) error {
	profile, err := a.profileToLogIn(name)
	if err != nil {
		return err
	}
	if profile.Auth == config.AuthEntra {
		return a.signInToEntra(ctx, profile)
	}
	password, err := a.readPassword(ctx, fmt.Sprintf("Password of %s for %s: ", profile.Username, profile.Origin()))
	if err != nil {
		return err
	}
	if err := a.passwords.Set(connect.Account(profile), password); err != nil {
		return keyringError(err)
	}
	a.say("The password of %s for %s is kept in the system's keyring.", profile.Username, profile.Origin())
	return nil
}

func (a *app) runLogout(ctx context.Context, name string) error {
	profile, err := a.profileToLogIn(name)
	if err != nil {
		return err
	}
	if profile.Auth == config.AuthEntra {
		return a.signOutOfEntra(ctx, profile)
	}
	switch err := a.passwords.Delete(connect.Account(profile)); {
	case errors.Is(err, auth.ErrNoPassword):
		a.say("No password was kept for profile %s.", name)
		return nil
	case err != nil:
		return keyringError(err)
	}
	a.say("The password of %s for %s is forgotten.", profile.Username, profile.Origin())
	return nil
}

// keyringError words the lack of a keyring, which servers and containers have.
func keyringError(err error) error {
	if errors.Is(err, auth.ErrNoKeyring) {
		return hint(errors.New("this system has no keyring that can be used"), "set LIVY_KERNEL_PASSWORD where the kernel starts")
	}
	return err
}

// profileToLogIn returns a profile that signs in or has a password.
func (a *app) profileToLogIn(name string) (config.Profile, error) {
	profile, err := a.resolved(name)
	if err != nil {
		return profile, err
	}
	switch {
	case profile.Local():
		return profile, fmt.Errorf("profile %s is Spark on this machine, which needs no password", name)
	case profile.Auth != config.AuthBasic && profile.Auth != config.AuthEntra:
		return profile, hint(fmt.Errorf("profile %s has no password: its auth is %s", name, profile.Auth),
			"livy-kernel install %s --auth basic --username USER", shellWord(name))
	}
	return profile, nil
}

// maxPassword bounds what is read from a pipe.
const maxPassword = 4096

// readPassword asks on a terminal, without echo, or reads one line of a pipe.
func (a *app) readPassword(ctx context.Context, prompt string) (auth.Secret, error) {
	type answer struct {
		text string
		err  error
	}
	answered := make(chan answer, 1)
	restore := func() {}
	if f, ok := a.stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		if state, err := term.GetState(int(f.Fd())); err == nil {
			restore = func() { _ = term.Restore(int(f.Fd()), state) } // the process ends
		}
		fmt.Fprint(a.stderr, prompt)
		go func() {
			text, err := term.ReadPassword(int(f.Fd()))
			answered <- answer{string(text), err}
		}()
	} else {
		go func() {
			text, err := bufio.NewReader(io.LimitReader(a.stdin, maxPassword)).ReadString('\n')
			if errors.Is(err, io.EOF) {
				err = nil
			}
			answered <- answer{strings.TrimRight(text, "\r\n"), err}
		}()
	}
	select {
	case got := <-answered:
		if got.err != nil {
			return auth.Secret{}, fmt.Errorf("read the password: %w", got.err)
		}
		if got.text == "" {
			return auth.Secret{}, errors.New("no password was given")
		}
		return auth.NewSecret(got.text), nil
	case <-ctx.Done(): // Ctrl-C while the echo is off
		restore()
		return auth.Secret{}, context.Cause(ctx)
	}
}
