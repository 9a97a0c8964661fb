// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/internal/sessions"
)

func (a *app) sessions() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sessions",
		Short: "list or stop the sessions that your kernels left running",
		Long: `Lists the remote sessions that this user's kernels on this machine have asked
for and that are not known to be deleted: those of kernels that run, those that
were kept (on_shutdown = "keep"), and those of kernels that were killed.`,
		Example: `  livy-kernel sessions
  livy-kernel sessions stop 12
  livy-kernel sessions stop --orphans`,
		Args: arguments(0, 0),
		RunE: command(func(ctx context.Context, _ []string) error { return a.runSessions(ctx) }),
	}
	list := &cobra.Command{
		Use: "list", Short: "the same as sessions alone", Args: arguments(0, 0),
		RunE: command(func(ctx context.Context, _ []string) error { return a.runSessions(ctx) }),
	}
	var orphans bool
	stop := &cobra.Command{
		Use:   "stop [ID...]",
		Short: "delete sessions; --orphans: those whose kernels were killed",
		RunE: command(func(ctx context.Context, ids []string) error {
			if orphans == (len(ids) > 0) {
				return hint(usage("either the ids of sessions are wanted, or --orphans"), "livy-kernel sessions lists them")
			}
			return a.stopSessions(a.asking(ctx), ids)
		}),
	}
	stop.Flags().BoolVar(&orphans, "orphans", false, "all whose kernels were killed; kept ones stay")
	cmd.AddCommand(list, stop)
	return cmd
}

// askTime bounds the question about one session.
const askTime = 15 * time.Second

func (a *app) runSessions(ctx context.Context) error {
	all, _, err := a.recorded()
	if err != nil {
		return err
	}
	if len(all) == 0 {
		a.say("No sessions are recorded.")
		return nil
	}
	clients := a.clients()
	table := tabwriter.NewWriter(a.stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "SESSION\tNAME\tPROFILE\tSTATE\tKERNEL\tAGE\tLINK")
	for _, l := range all {
		state, link := clients.ask(ctx, l)
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", orDash(string(l.ID)), inRow(l.Name), inRow(l.Profile), inRow(state), kernelOf(l),
			time.Since(l.Created).Round(time.Second), orDash(link))
	}
	return table.Flush()
}

// kernelOf says what became of the kernel of a session.
func kernelOf(l sessions.Listed) string {
	switch {
	case l.Held:
		return "runs"
	case l.Keep:
		return "ended, kept"
	case !l.Left.IsZero():
		return "ended, not deleted"
	}
	return "killed"
}

// inRow makes text that comes from elsewhere fit for a row: without control
// sequences, and without the tabs and newlines that would make others of it.
func inRow(text string) string { return strings.Join(strings.Fields(render.Plain(text)), " ") }

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// stopSessions deletes the sessions with these ids or names; without any, those
// of killed kernels.
func (a *app) stopSessions(ctx context.Context, ids []string) error {
	all, store, err := a.recorded()
	if err != nil {
		return err
	}
	clients := a.clients()
	var failed error
	for _, l := range chosen(all, ids) {
		if err := clients.stop(ctx, store, l); err != nil {
			failed = errors.Join(failed, fmt.Errorf("session %s: %w", orDash(string(l.ID)), err))
			continue
		}
		a.say("Session %s (%s) is stopped.", orDash(string(l.ID)), inRow(l.Name))
	}
	for _, id := range ids {
		if len(chosen(all, []string{id})) == 0 {
			failed = errors.Join(failed, hint(fmt.Errorf("no kernel of yours on this machine has asked for session %q", id), "livy-kernel sessions lists them"))
		}
	}
	return failed
}

// chosen picks records by id or name; without any those of killed kernels.
func chosen(all []sessions.Listed, ids []string) []sessions.Listed {
	var found []sessions.Listed
	for _, l := range all {
		wanted := len(ids) == 0 && !l.Held && !l.Keep
		for _, id := range ids {
			wanted = wanted || id == string(l.ID) || id == l.Name
		}
		if wanted {
			found = append(found, l)
		}
	}
	return found
}

// recorded lists the records that there are.
func (a *app) recorded() ([]sessions.Listed, *sessions.Store, error) {
	paths, err := a.paths()
	if err != nil {
		return nil, nil, err
	}
	log, closeLog, err := newLog(a.stderr, a.env)
	if err != nil {
		return nil, nil, err
	}
	store := sessions.NewStore(recordsDir(paths), log)
	all, err := store.List()
	return all, store, errors.Join(err, closeLog())
}
