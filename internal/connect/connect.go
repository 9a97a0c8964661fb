// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package connect makes the Livy client of a profile: of a server elsewhere,
// or of the embedded one, which it sets up and starts in this process.
package connect

import (
	"context"
	"io"
	"log/slog"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// Options tell how to connect.
type Options struct {
	Profile   config.Profile     // resolved, see config.Environment.Resolve
	Env       config.Environment // where credentials may come from, and what local drivers run in
	Passwords auth.Passwords     // where passwords are kept
	Version   string             // of this program, for the User-Agent header
	Logger    *slog.Logger
}

// Connect returns a client of the profile's server. With the embedded Spark it
// may take minutes, since that is set up first; progress is told how it gets
// on. The closer ends what was started, drivers included.
//
// Errors are a *config.Error, an *auth.RequiredError or a *pyenv.Error where
// there is something for the user to do.
func Connect(ctx context.Context, o Options, progress func(string)) (*livy.Client, io.Closer, error) {
	if o.Profile.Local() {
		return connectLocal(ctx, o, progress)
	}
	client, err := connectRemote(o)
	if err != nil {
		return nil, nil, err
	}
	return client, idleCloser{client}, nil
}

// idleCloser closes a client's connections.
type idleCloser struct{ client *livy.Client }

func (c idleCloser) Close() error {
	c.client.CloseIdleConnections()
	return nil
}
