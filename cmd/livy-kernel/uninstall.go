// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/connect"
	"github.com/livy-kernel/livy-kernel/kernelspec"
	"github.com/livy-kernel/livy-kernel/livy/auth"
)

func (a *app) uninstall() *cobra.Command {
	var prefix string
	cmd := &cobra.Command{
		Use:   "uninstall NAME",
		Short: "remove the kernels of a profile, the profile and its password",
		Long: `Removes the kernelspecs of a profile, the profile from the configuration file,
and its password from the keyring. Spark, which profile local has set up, stays.`,
		Example: `  livy-kernel uninstall mycluster
  livy-kernel uninstall local --prefix /opt/jupyter`,
		Args: arguments(1, 1), ValidArgsFunction: a.profileNames,
		RunE: command(func(ctx context.Context, args []string) error { return a.runUninstall(ctx, args[0], prefix) }),
	}
	cmd.Flags().StringVar(&prefix, "prefix", "", "look in `DIR`/share/jupyter too")
	return cmd
}

func (a *app) runUninstall(ctx context.Context, name, prefix string) error {
	paths, err := a.paths()
	if err != nil {
		return err
	}
	c, err := config.Load(paths.Config)
	if err != nil {
		return err
	}
	dirs, err := a.dataDirs(ctx, prefix)
	if err != nil {
		return err
	}
	removed := 0
	for _, dir := range dirs {
		found, err := kernelspec.List(dir)
		if err != nil {
			return err
		}
		for _, spec := range found {
			if spec.Spec.Metadata.Owner.Profile != name {
				continue
			}
			if err := kernelspec.Remove(spec.Folder); err != nil {
				return err
			}
			a.say("Removed %s from %s", spec.Spec.DisplayName, spec.Folder)
			removed++
		}
	}
	profile, saved := c.Profiles[name]
	if !saved && removed == 0 {
		_, err := c.Profile(name)
		return hint(err, "livy-kernel list shows what is installed")
	}
	if !saved {
		return nil
	}
	if err := config.Remove(paths.Config, name); err != nil {
		return err
	}
	a.say("Removed profile %s from %s", name, paths.Config)
	return a.forgetPassword(profile)
}

// forgetPassword removes the password of a profile that has one.
func (a *app) forgetPassword(p config.Profile) error {
	if p.Username == "" {
		return nil
	}
	switch err := a.passwords.Delete(connect.Account(p)); {
	case err == nil:
		a.say("Forgot the password of %s for %s", p.Username, p.Origin())
	case !errors.Is(err, auth.ErrNoPassword) && !errors.Is(err, auth.ErrNoKeyring):
		return err
	}
	return nil
}
