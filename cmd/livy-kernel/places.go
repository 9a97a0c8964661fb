// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/livy-kernel/livy-kernel/kernelspec"
)

// placeFlags say where kernelspecs lie.
type placeFlags struct {
	user, sysPrefix bool
	prefix          string
}

func (p *placeFlags) define(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&p.user, "user", false, "for this user, in Jupyter's data folder (the default)")
	f.BoolVar(&p.sysPrefix, "sys-prefix", false, "into the environment of the python on the PATH, such as a venv or conda environment")
	f.StringVar(&p.prefix, "prefix", "", "into `DIR`/share/jupyter")
}

// dataDir returns the Jupyter data folder that the flags choose.
func (a *app) dataDir(ctx context.Context, p placeFlags) (string, error) {
	switch {
	case p.user && p.sysPrefix, p.user && p.prefix != "", p.sysPrefix && p.prefix != "":
		return "", usage("choose one of --user, --sys-prefix and --prefix")
	case p.sysPrefix:
		prefix, err := kernelspec.SysPrefix(ctx, a.env.Children())
		if err != nil {
			return "", hint(err, "activate the environment first, or name its folder with --prefix")
		}
		return kernelspec.PrefixDir(prefix), nil
	case p.prefix != "":
		prefix, err := filepath.Abs(p.prefix)
		if err != nil {
			return "", fmt.Errorf("--prefix: %w", err)
		}
		return kernelspec.PrefixDir(prefix), nil
	}
	return a.userDir()
}

func (a *app) userDir() (string, error) {
	home, err := a.env.Home(a.goos)
	if err != nil {
		return "", err
	}
	dir, err := filepath.Abs(kernelspec.UserDir(a.goos, home, a.env.Lookup))
	if err != nil {
		return "", fmt.Errorf("find Jupyter's data folder: %w", err)
	}
	return dir, nil
}

// dataDirs returns all folders that kernelspecs of ours may lie below: the
// user's, that of the active environment, and the one of --prefix.
func (a *app) dataDirs(ctx context.Context, prefix string) ([]string, error) {
	user, err := a.userDir()
	if err != nil {
		return nil, err
	}
	dirs := []string{user}
	if active, err := kernelspec.SysPrefix(ctx, a.env.Children()); err == nil {
		dirs = append(dirs, kernelspec.PrefixDir(active))
	}
	if prefix != "" {
		dir, err := a.dataDir(ctx, placeFlags{prefix: prefix})
		if err != nil {
			return nil, err
		}
		dirs = append(dirs, dir)
	}
	slices.Sort(dirs[1:])
	return slices.Compact(dirs), nil
}
