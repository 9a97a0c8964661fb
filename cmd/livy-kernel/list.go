// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/kernelspec"
)

func (a *app) list() *cobra.Command {
	var prefix string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "list the installed kernels, and whether they can start",
		Long: `Lists the kernels of livy-kernel that are installed for this user and in the
environment of the python on the PATH. KERNEL is the name for nbconvert and
papermill.`,
		Example: `  livy-kernel list
  livy-kernel list --prefix /opt/jupyter`,
		Args: arguments(0, 0),
		RunE: command(func(ctx context.Context, _ []string) error { return a.runList(ctx, prefix) }),
	}
	cmd.Flags().StringVar(&prefix, "prefix", "", "look in `DIR`/share/jupyter too")
	return cmd
}

func (a *app) runList(ctx context.Context, prefix string) error {
	paths, err := a.paths()
	if err != nil {
		return err
	}
	c, err := config.Load(paths.Config)
	if err != nil {
		a.warn(err.Error()) // the kernelspecs are there all the same
	}
	dirs, err := a.dataDirs(ctx, prefix)
	if err != nil {
		return err
	}
	var all []kernelspec.Installed
	for _, dir := range dirs {
		found, err := kernelspec.List(dir)
		if err != nil {
			return err
		}
		all = append(all, found...)
	}
	if len(all) == 0 {
		a.say("No kernels are installed; livy-kernel install does it.")
		return nil
	}
	table := tabwriter.NewWriter(a.stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "KERNEL\tSHOWN AS\tENDPOINT\tSTATE\tFOLDER")
	for _, spec := range all {
		endpoint, state := inspect(spec, c)
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", spec.Name, spec.Spec.DisplayName, endpoint, state, spec.Folder)
	}
	return table.Flush()
}

// inspect tells where a kernel's cells run, and what keeps it from starting.
func inspect(spec kernelspec.Installed, c config.Config) (endpoint, state string) {
	profile, known := c.Profiles[spec.Spec.Metadata.Owner.Profile]
	switch {
	case spec.Broken:
		return profile.Endpoint, "broken: " + spec.Spec.Argv[0] + " is gone"
	case !known:
		return "", "broken: the profile is gone"
	}
	return profile.Endpoint, "ok"
}
