// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package connect makes the Livy client of a profile: of a server elsewhere,
// or of the embedded one, which it sets up and starts in this process or apart
// from it.
package connect

import (
	"context"
	"io"
	"log/slog"
	"net/http"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/detached"
	"github.com/livy-kernel/livy-kernel/internal/finish"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// Options tell how to connect.
type Options struct {
	Profile   config.Profile     // resolved, see config.Environment.Resolve
	Env       config.Environment // where credentials may come from, and what local drivers run in
	Passwords auth.Passwords     // where passwords are kept
	StateDir  string             // where tokens and the like are kept
	OpenURL   func(string) error // opens a browser; nil for none
	Version   string             // of this program, for the User-Agent header
	Logger    *slog.Logger
	// Detached, where it is set, has sessions of the embedded Spark live in a
	// server apart from this process: it starts that at a place where there is
	// none, or returns detached.ErrNone.
	Detached func(context.Context, detached.Place) error
}

// Connection is a client of a profile's server. Its Close ends what was started
// for it, drivers included.
type Connection struct {
	*livy.Client
	io.Closer
	profile   config.Profile
	authorize livy.Authorizer // nil for none
}

// Connect returns a connection to the profile's server. With the embedded Spark
// it may take minutes, since that is set up first; progress is told how it gets
// on.
//
// Errors are a *config.Error, an *auth.RequiredError or a *pyenv.Error where
// there is something for the user to do.
func Connect(ctx context.Context, o Options, progress func(string)) (*Connection, error) {
	switch {
	case o.Profile.Local() && o.Detached != nil && o.StateDir != "":
		return connectDetached(ctx, o, progress)
	case o.Profile.Local():
		return connectLocal(ctx, o, progress)
	}
	return connectRemote(o)
}

// Profile returns the profile whose server it is.
func (c *Connection) Profile() config.Profile { return c.profile }

// FinishJob returns what a process has to know that deletes a session after
// this one has ended; ok is false where sessions end with this process.
func (c *Connection) FinishJob(ctx context.Context) (job finish.Job, ok bool, err error) {
	if c.profile.Local() {
		return finish.Job{}, false, nil
	}
	authorization, err := c.Authorization(ctx)
	if err != nil {
		return finish.Job{}, false, err
	}
	return finish.Job{
		Endpoint: c.profile.Endpoint, Dialect: livy.Dialect(c.profile.Dialect), CAFile: c.profile.CAFile, Proxy: c.profile.Proxy,
		Authorization: authorization,
	}, true, nil
}

// Notices returns what the user should be told of the sign-in, each sentence
// once.
func (c *Connection) Notices() []string {
	if s, ok := c.authorize.(interface{ Notices() []string }); ok {
		return s.Notices()
	}
	return nil
}

// Authorization returns the header that requests carry; empty for none.
func (c *Connection) Authorization(ctx context.Context) (string, error) {
	if c.authorize == nil {
		return "", nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodDelete, c.profile.Endpoint, http.NoBody)
	if err != nil {
		return "", err
	}
	err = c.authorize.Authorize(ctx, req)
	return req.Header.Get("Authorization"), err
}

// Finisher returns the client that does a job.
func Finisher(j finish.Job, version string, log *slog.Logger) (*livy.Client, error) {
	p := config.Profile{Dialect: string(j.Dialect), CAFile: j.CAFile, Proxy: j.Proxy}
	opts, err := profileOptions(p, clientOptions(version, log))
	if err != nil {
		return nil, err
	}
	if j.Authorization != "" {
		opts = append(opts, livy.WithAuthorizer(header(j.Authorization)))
	}
	return livy.New(j.Endpoint, opts...)
}

// header is an Authorizer that adds a finished header.
type header string

func (h header) Authorize(_ context.Context, req *http.Request) error {
	req.Header.Set("Authorization", string(h))
	return nil
}

// idleCloser closes a client's connections.
type idleCloser struct{ client *livy.Client }

func (c idleCloser) Close() error {
	c.client.CloseIdleConnections()
	return nil
}
