// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"sync"

	"github.com/livy-kernel/livy-kernel/internal/bridge"
	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/connect"
	"github.com/livy-kernel/livy-kernel/internal/finish"
	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/livy"
)

// remote is a profile's server as a kernel has it: connected to once, and told
// to a process of its own when the kernel has to end before a session has.
type remote struct {
	app     *app
	profile config.Profile
	log     *slog.Logger

	mu         sync.Mutex
	connection *connect.Connection
	apart      bool // sessions of the embedded Spark are to live apart from this process
}

// detach has sessions of the embedded Spark live in a server of their own. It
// counts for connections made from now on.
func (r *remote) detach() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.apart = true
}

func (r *remote) connect(ctx context.Context, progress func(string)) (*livy.Client, io.Closer, error) {
	options := r.app.connectOptions(r.profile, r.log)
	r.mu.Lock()
	apart := r.apart
	r.mu.Unlock()
	if apart {
		binary, err := r.app.executable()
		if err != nil {
			return nil, nil, fmt.Errorf("find the path of this program: %w", err)
		}
		options.Detached = connect.StartDetached(options, binary, progress)
	}
	c, err := connect.Connect(ctx, options, progress)
	if err != nil {
		return nil, nil, err
	}
	r.mu.Lock()
	r.connection = c
	r.mu.Unlock()
	return c.Client, c.Closer, nil
}

// notices returns what the connection has to tell.
func (r *remote) notices() []string {
	r.mu.Lock()
	c := r.connection
	r.mu.Unlock()
	if c == nil {
		return nil
	}
	return c.Notices()
}

// finish starts the process that deletes a session. ctx bounds the search for a
// credential, since the kernel is about to end.
func (r *remote) finish(ctx context.Context, left bridge.Leftover) error {
	r.mu.Lock()
	c := r.connection
	r.mu.Unlock()
	if c == nil {
		return nil
	}
	job, ok, err := c.FinishJob(ctx)
	if err != nil || !ok {
		return err
	}
	job.ID, job.Name, job.Key, job.REPL = left.ID, left.Name, left.Key, left.REPL
	if job.Key != "" {
		paths, err := r.app.paths()
		if err != nil {
			return err
		}
		job.Records = recordsDir(paths)
	}
	binary, err := r.app.executable()
	if err != nil {
		return fmt.Errorf("find the path of this program: %w", err)
	}
	return finish.Spawn(binary, job)
}

func (a *app) connectOptions(p config.Profile, log *slog.Logger) connect.Options {
	o := connect.Options{Profile: p, Env: a.env, Passwords: a.passwords, Version: buildVersion().version, OpenURL: a.openURL, Logger: log}
	if paths, err := a.paths(); err == nil { // without a folder tokens stay in memory
		o.StateDir = paths.State
	}
	return o
}

// records is where sessions are recorded; nil where there is no place for it.
func (a *app) records(log *slog.Logger) *sessions.Store {
	paths, err := a.paths()
	if err != nil {
		log.Warn("sessions are not recorded", "err", err)
		return nil
	}
	return sessions.NewStore(recordsDir(paths), log)
}

func recordsDir(p config.Paths) string { return filepath.Join(p.State, "sessions") }
