// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/connect"
	"github.com/livy-kernel/livy-kernel/internal/doctor"
	"github.com/livy-kernel/livy-kernel/internal/render"
)

func (a *app) doctor() *cobra.Command {
	var asJSON, quick bool
	cmd := &cobra.Command{
		Use:   "doctor [NAME]",
		Short: "check all that a profile's cells need, and say what to do",
		Long: `Looks at DNS and the network, the proxy, TLS, the clocks, the sign-in and what it
allows, the rights, and then starts a session, runs 1+1 and deletes it. At a
terminal it asks for a sign-in if one is needed. Without NAME that is profile
"local". The exit code is 1 if something is missing.`,
		Example: `  livy-kernel doctor sales
  livy-kernel doctor sales --no-session
  livy-kernel doctor sales --json`,
		Args: arguments(0, 1), ValidArgsFunction: a.profileNames,
		RunE: command(func(ctx context.Context, args []string) error {
			name := localName
			if len(args) > 0 {
				name = args[0]
			}
			return a.runDoctor(ctx, name, asJSON, quick)
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object for each line")
	cmd.Flags().BoolVar(&quick, "no-session", false, "do not start a session, which may cost money")
	return cmd
}

// errUnwell is what doctor exits with; what is wrong has been printed.
var errUnwell = errors.New("cells cannot run yet")

func (a *app) runDoctor(ctx context.Context, name string, asJSON, quick bool) error {
	profile, err := a.resolved(name)
	if err != nil {
		return err
	}
	log, closeLog, err := newLog(a.stderr, a.env)
	if err != nil {
		return err
	}
	well := doctor.Diagnose(a.asking(ctx), doctor.Options{
		Profile: profile, Session: !quick,
		Connect: func(ctx context.Context, progress func(string)) (*connect.Connection, error) {
			return connect.Connect(ctx, a.connectOptions(profile, log), progress)
		},
		Tell: a.teller(asJSON),
		Step: func(name string) { fmt.Fprintf(a.stderr, "%s …\n", render.Plain(name)) },
	})
	if err := closeLog(); err != nil {
		return err
	}
	if !well {
		return errUnwell
	}
	return nil
}

// teller prints findings as they come.
func (a *app) teller(asJSON bool) func(doctor.Finding) {
	if asJSON {
		encoder := json.NewEncoder(a.stdout)
		return func(f doctor.Finding) { _ = encoder.Encode(f) } // a reader that has gone is no reason to stop
	}
	return func(f doctor.Finding) {
		mark := "ok  "
		if !f.OK {
			mark = "FAIL"
		}
		fmt.Fprintf(a.stdout, "%s  %-8s  %s\n", mark, f.Check, f.Detail)
		if f.Todo != "" {
			fmt.Fprintf(a.stdout, "                → %s\n", f.Todo)
		}
	}
}

// resolved returns a saved profile with nothing left open; local needs not be
// saved.
func (a *app) resolved(name string) (config.Profile, error) {
	paths, err := a.paths()
	if err != nil {
		return config.Profile{}, err
	}
	c, err := config.Load(paths.Config)
	if err != nil {
		return config.Profile{}, err
	}
	if name == localName {
		return a.localProfile(c, paths), nil
	}
	saved, err := c.Profile(name)
	if err != nil {
		return saved, hint(err, "livy-kernel install %s --endpoint URL", shellWord(name))
	}
	profile, _, err := a.env.Resolve(saved)
	return profile, err
}
