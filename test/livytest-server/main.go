// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Command livytest-server runs a scripted Livy server (package livytest) by
// itself, for end-to-end tests with real Jupyter clients. It prints its endpoint
// as the first line and serves until it gets an interrupt or SIGTERM. No code is
// run: see livytest.Echo for what the statements do.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "livytest-server:", err)
		os.Exit(1) //nolint:forbidigo // This is main.
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) (err error) {
	flags := flag.NewFlagSet("livytest-server", flag.ContinueOnError)
	certDir := flags.String("tls-cert-dir", "", "speak HTTPS and write the certificate to trust to ca.pem in this folder")
	user := flags.String("user", "", "ask for Basic authentication with this user name")
	password := flags.String("password", "", "the password to --user")
	journal := flags.String("journal", "", "write the requests to this file at the end, one JSON object a line")
	dialect := flags.String("dialect", "apache", "the dialect to speak: apache or fabric")
	tokens := flags.String("token-file", "", "with fabric: take the bearer tokens in this file alone, one a line; it is read for every request")
	queued := flags.Int("queued", 0, "with fabric: show a starting session as queued at so many reads")
	fallback := flags.String("fallback", "", "with fabric: say that no session comes from the starter pool, for this reason")
	signIn := flags.Bool("entra", false, "with fabric: take the tokens of a sign-in service that is run too, and print it and its application as a second line")
	latency := flags.Duration("latency", 0, "the round trip of the network that the clients seem to be behind")
	engineName := flags.String("engine", "echo", "what statements do; echo is the only one")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *engineName != "echo" {
		return fmt.Errorf("unknown engine %q; echo is the only one", *engineName)
	}
	engine := livytest.NewEngine()
	engine.Otherwise(livytest.Echo)
	engine.On("1+1", livytest.Text("2")) // what a diagnosis asks
	engine.SetApp(server.App{ID: "scripted-1"})
	opts := []livytest.Option{livytest.WithLatency(*latency)}
	if *certDir != "" {
		opts = append(opts, livytest.WithTLS())
	}
	if *user != "" || *password != "" {
		opts = append(opts, livytest.WithBasicAuth(*user, *password))
	}
	lines := [2]string{}
	var trusted [][]byte
	switch *dialect {
	case "apache":
	case "fabric":
		f := fabric(*tokens, *queued, *fallback)
		if *signIn {
			authority, app := newEntra()
			defer authority.Close()
			if lines[1], err = app.describe(); err != nil {
				return err
			}
			trusted = append(trusted, authority.Certificate().Raw)
			f.Token = func(token string) error {
				_, err := authority.Check("Bearer " + token)
				return err
			}
		}
		opts = append(opts, livytest.WithFabric(f))
	default:
		return fmt.Errorf("unknown dialect %q; there are apache and fabric", *dialect)
	}
	srv := livytest.NewServer(engine, opts...) //nolint:contextcheck // Its end waits for the drivers, whatever ctx says.
	defer func() {
		if closeErr := srv.Close(); err == nil {
			err = closeErr
		}
	}()
	if *certDir != "" {
		if err := writeCA(*certDir, append(trusted, srv.Certificate().Raw)...); err != nil {
			return err
		}
	}
	lines[0] = srv.Endpoint()
	for _, line := range lines {
		if line == "" {
			continue
		}
		if _, err := fmt.Fprintln(stdout, line); err != nil {
			return fmt.Errorf("print the endpoint: %w", err)
		}
	}
	<-ctx.Done()
	if *journal == "" {
		return nil
	}
	return writeJournal(*journal, srv.Requests())
}
