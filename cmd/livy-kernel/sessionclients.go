// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/livy-kernel/livy-kernel/internal/bridge"
	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/connect"
	"github.com/livy-kernel/livy-kernel/internal/detached"
	"github.com/livy-kernel/livy-kernel/internal/sessions"
)

// sessionClients are the clients of the profiles whose sessions are looked at,
// each made once.
type sessionClients struct {
	app  *app
	made map[string]*connect.Connection
	errs map[string]error
}

func (a *app) clients() *sessionClients {
	return &sessionClients{app: a, made: map[string]*connect.Connection{}, errs: map[string]error{}}
}

// of returns the client for a record's profile, which must still name the
// server that the session is on: its credentials go nowhere else.
func (c *sessionClients) of(ctx context.Context, l sessions.Listed) (*connect.Connection, error) {
	if err := c.errs[l.Profile]; err != nil {
		return nil, err
	}
	if made := c.made[l.Profile]; made != nil {
		return made, nil
	}
	made, err := c.connect(ctx, l)
	c.made[l.Profile], c.errs[l.Profile] = made, err
	return made, err
}

func (c *sessionClients) connect(ctx context.Context, l sessions.Listed) (*connect.Connection, error) {
	paths, err := c.app.paths()
	if err != nil {
		return nil, err
	}
	conf, err := config.Load(paths.Config)
	if err != nil {
		return nil, err
	}
	saved, err := conf.Profile(l.Profile)
	if err != nil {
		return nil, err
	}
	profile, _, err := c.app.env.Resolve(saved)
	if err != nil {
		return nil, err
	}
	if profile.Endpoint != l.Endpoint {
		return nil, fmt.Errorf("profile %s names another server now", l.Profile)
	}
	options := c.app.connectOptions(profile, slog.New(slog.DiscardHandler))
	options.Detached = connect.NoDetached
	return connect.Connect(ctx, options, func(string) {})
}

// ask returns the session's state as the server tells it, and a link to it.
func (c *sessionClients) ask(ctx context.Context, l sessions.Listed) (state, link string) {
	client, err := c.of(ctx, l)
	if errors.Is(err, detached.ErrNone) {
		return "gone", ""
	}
	if err != nil {
		return "unknown: " + err.Error(), ""
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	now, gone, err := bridge.Recorded(ctx, client.Client, l.Record)
	switch {
	case err != nil:
		return "unknown: " + err.Error(), ""
	case gone && now.State.Terminal():
		return string(now.State), ""
	case gone:
		return "gone", ""
	}
	link, _ = bridge.SessionLink(client.Profile(), now)
	return string(now.State), link
}

// stop deletes a session, and its record unless its kernel still has that.
func (c *sessionClients) stop(ctx context.Context, store *sessions.Store, l sessions.Listed) error {
	client, err := c.of(ctx, l)
	if errors.Is(err, detached.ErrNone) { // the session ended with its server
		entry, err := store.Take(ctx, l.Key)
		if err != nil {
			return err
		}
		return entry.Remove()
	}
	if err != nil {
		return err
	}
	if _, err := client.Authorization(ctx); err != nil { // which may take a person longer than what follows
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	err = bridge.Reap(ctx, client.Client, store, l)
	if !errors.Is(err, sessions.ErrHeld) {
		return err
	}
	now, gone, err := bridge.Recorded(ctx, client.Client, l.Record)
	if err != nil || gone {
		return err
	}
	return client.DeleteSession(ctx, now.ID)
}
