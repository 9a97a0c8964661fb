// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/connect"
	"github.com/livy-kernel/livy-kernel/kernelspec"
	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/entra"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// app is what the commands share: the process around them. Tests put others in
// the place of its parts.
type app struct {
	env            config.Environment
	stdin          io.Reader
	stdout, stderr io.Writer
	goos           string
	passwords      auth.Passwords
	executable     func() (string, error)
	openURL        func(string) error
	embedded       func(context.Context, connect.Options, func(string)) (*server.Server, error)
}

func newApp(env config.Environment, stdin io.Reader, stdout, stderr io.Writer) *app {
	return &app{
		env: env, stdin: stdin, stdout: stdout, stderr: stderr, goos: runtime.GOOS,
		passwords: auth.Keyring{}, executable: os.Executable, openURL: entra.Opener(env.Children()), embedded: connect.EmbeddedServer,
	}
}

// run runs one command and returns the process's exit code: 0, 1 for a failure,
// 2 for a command line that makes no sense.
func run(ctx context.Context, a *app, args []string) int {
	root := a.root() //nolint:contextcheck // commands get theirs from ExecuteContext
	root.SetArgs(args)
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	return report(a.stderr, root.ExecuteContext(ctx))
}

// command makes RunE of a function that ends at the first Ctrl-C or SIGTERM; a
// second one ends the process.
func command(do func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		defer context.AfterFunc(ctx, stop)()
		defer stop()
		return do(ctx, args)
	}
}

// say prints what a command has to tell. A reader that has gone is no reason
// to stop half-way.
func (a *app) say(format string, values ...any) { fmt.Fprintf(a.stdout, format+"\n", values...) }

// warn prints what the user should know and nobody parses.
func (a *app) warn(text string) { fmt.Fprintf(a.stderr, "livy-kernel: warning: %s\n", text) }

func (a *app) paths() (config.Paths, error) { return config.PathsFor(a.goos, a.env) }

// binary returns the path of this program that a kernelspec keeps.
func (a *app) binary() (string, error) {
	executable, err := a.executable()
	if err != nil {
		return "", fmt.Errorf("find the path of this program: %w", err)
	}
	return kernelspec.StableBinary(executable, filepath.SplitList(a.env.Lookup("PATH")))
}

// localProfile returns the profile of the embedded default: the saved one, or
// what install would save.
func (a *app) localProfile(c config.Config, paths config.Paths) config.Profile {
	p, ok := c.Profiles[localName]
	if !ok {
		p = config.Profile{Name: localName, Endpoint: config.EndpointLocal}
	}
	if p.Spark.Dir == "" {
		p.Spark.Dir = sparkDir(paths.Cache)
	}
	return p
}

// localName is the profile of the embedded default.
const localName = "local"

// sparkDir is where Spark is set up below a cache folder.
func sparkDir(cache string) string { return filepath.Join(cache, "spark") }
