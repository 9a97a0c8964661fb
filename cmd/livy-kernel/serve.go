// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/connect"
	"github.com/livy-kernel/livy-kernel/internal/detached"
	"github.com/livy-kernel/livy-kernel/kernel/freeport"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

func (a *app) serve() *cobra.Command {
	var port int
	var apart bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "run a Livy server with this machine's Spark, for any Livy client",
		Long: `Runs the embedded Livy server on 127.0.0.1 until Ctrl-C, which ends its sessions.
Every request needs the token that it prints: as Bearer token, or as the
password of Basic authentication with any user name.`,
		Example: `  livy-kernel serve
  livy-kernel serve --port 8998
  curl -H "Authorization: Bearer TOKEN" http://127.0.0.1:8998/sessions`,
		Args: arguments(0, 0),
		RunE: command(func(ctx context.Context, _ []string) error {
			if apart {
				return a.serveDetached(ctx)
			}
			return a.runServe(ctx, port)
		}),
	}
	cmd.Flags().IntVar(&port, "port", 0, "`PORT` to listen on; 0 for a free one")
	cmd.Flags().BoolVar(&apart, detached.Flag, false, "run as the server that kernels start")
	if err := cmd.Flags().MarkHidden(detached.Flag); err != nil {
		panic(err) // there is no such flag
	}
	return cmd
}

// serveCloseTime is how long sessions are given to end.
const serveCloseTime = 15 * time.Second

func (a *app) runServe(ctx context.Context, port int) (err error) {
	if port < 0 || port > 65535 {
		return usage("--port is %d, and ports go from 0 to 65535", port)
	}
	paths, err := a.paths()
	if err != nil {
		return err
	}
	c, err := config.Load(paths.Config)
	if err != nil {
		return err
	}
	log, closeLog, err := newLog(a.stderr, a.env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLog()) }()
	// The port comes first: who is to wait for the set-up should know.
	listener, err := listen(ctx, port)
	if err != nil {
		return err
	}
	defer listener.Close()
	embedded, err := a.embedded(ctx, connect.Options{
		Profile: a.localProfile(c, paths), Env: a.env, Passwords: a.passwords, Version: buildVersion().version, Logger: log,
	}, func(step string) { fmt.Fprintf(a.stderr, "%s …\n", step) })
	if err != nil {
		return err
	}
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), serveCloseTime)
		defer cancel()
		err = errors.Join(err, embedded.Close(ending))
	}()
	token := rand.Text()
	file, err := writeToken(paths.State, listener.Addr(), token)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(file)) }()

	a.say("Livy server: http://%s\nToken: %s\nToken file: %s\nStop it with Ctrl-C.", listener.Addr(), token, file)
	return serveUntil(ctx, listener, server.Guard(embedded, token), log)
}

func listen(ctx context.Context, port int) (net.Listener, error) {
	if port == 0 {
		return freeport.Listen()
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	const wsaeaddrinuse = syscall.Errno(10048) // what Windows calls it
	if errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, wsaeaddrinuse) {
		return nil, hint(fmt.Errorf("port %d is taken", port), "choose another one with --port, or leave it out for a free one")
	}
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return listener, nil
}

// writeToken keeps the token in a file that only this user can read.
func writeToken(dir string, addr net.Addr, token string) (string, error) {
	_, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return "", fmt.Errorf("write the token: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("write the token: %w", err)
	}
	file := filepath.Join(dir, "serve-"+port+".token")
	// A server that was killed leaves its file. Its mode is not to be trusted.
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("write the token: %w", err)
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("write the token: %w", err)
	}
	_, err = f.WriteString(token + "\n")
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("write the token: %w", err), os.Remove(file))
	}
	return file, nil
}

// serveUntil serves until ctx ends.
func serveUntil(ctx context.Context, l net.Listener, handler http.Handler, log *slog.Logger) error {
	srv := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	defer context.AfterFunc(ctx, func() { _ = srv.Close() })() // open requests are those of sessions that end
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
