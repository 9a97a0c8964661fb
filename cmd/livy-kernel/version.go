// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "show the version, and what it was built from",
		Args:  arguments(0, 0),
		RunE: command(func(context.Context, []string) error {
			b := buildVersion()
			a.say("livy-kernel %s\ncommit      %s\ngo          %s %s/%s\nzmq4        %s\nmsal        %s",
				b.version, b.commit, runtime.Version(), runtime.GOOS, runtime.GOARCH, b.zmq4, b.msal)
			return nil
		}),
	}
}

type build struct{ version, commit, zmq4, msal string }

// buildVersion reads what the Go tool has written into the binary.
func buildVersion() build {
	b := build{version: "devel", commit: "unknown", zmq4: "unknown", msal: "unknown"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.version = strings.TrimPrefix(v, "v")
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			b.commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			b.commit += " with changes"
		}
	}
	for _, dep := range info.Deps {
		switch dep.Path {
		case "github.com/go-zeromq/zmq4":
			b.zmq4 = strings.TrimPrefix(dep.Version, "v")
		case "github.com/AzureAD/microsoft-authentication-library-for-go":
			b.msal = strings.TrimPrefix(dep.Version, "v")
		}
	}
	return b
}
