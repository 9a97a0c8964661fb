// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Command livytest-server runs a scripted Livy server (package livytest) by
// itself, for end-to-end tests with real Jupyter clients. It prints its endpoint
// as the first line and serves until it gets an interrupt or SIGTERM. No code is
// run: see livytest.Echo for what the statements do.
package main

import (
	"context"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
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
	engineName := flags.String("engine", "echo", "what statements do; echo is the only one")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *engineName != "echo" {
		return fmt.Errorf("unknown engine %q; echo is the only one", *engineName)
	}
	engine := livytest.NewEngine()
	engine.Otherwise(livytest.Echo)
	engine.SetApp(server.App{ID: "scripted-1"})
	var opts []livytest.Option
	if *certDir != "" {
		opts = append(opts, livytest.WithTLS())
	}
	if *user != "" || *password != "" {
		opts = append(opts, livytest.WithBasicAuth(*user, *password))
	}
	switch *dialect {
	case "apache":
	case "fabric":
		opts = append(opts, livytest.WithFabric(fabric(*tokens, *queued, *fallback)))
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
		block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
		if err := os.WriteFile(filepath.Join(*certDir, "ca.pem"), block, 0o600); err != nil {
			return fmt.Errorf("write the certificate: %w", err)
		}
	}
	if _, err := fmt.Fprintln(stdout, srv.Endpoint()); err != nil {
		return fmt.Errorf("print the URL: %w", err)
	}
	<-ctx.Done()
	if *journal == "" {
		return nil
	}
	return writeJournal(*journal, srv.Requests())
}
