// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"errors"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/localspark"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// localEndpoint is what requests to the embedded server are addressed to; they
// go through memory.
const localEndpoint = "http://localhost"

// closeTime bounds the end of the embedded server. Drivers that need longer
// end by themselves when this process does.
const closeTime = 1500 * time.Millisecond

// EmbeddedServer returns the embedded Livy server of a profile, on Spark that
// is set up if need be. The caller closes it.
func EmbeddedServer(ctx context.Context, o Options, progress func(string)) (*server.Server, error) {
	env := o.Env.Children()
	install, err := setUp(ctx, o, progress)
	if err != nil {
		return nil, err
	}
	engine := localspark.NewEngine(install, localspark.WithEnv(env), localspark.WithLogger(o.Logger))
	return server.New(engine, server.WithLogger(o.Logger)), nil
}

// setUp sets Spark up where that has not been done.
func setUp(ctx context.Context, o Options, progress func(string)) (localspark.Installation, error) {
	if o.Profile.Spark.Dir == "" {
		return localspark.Installation{}, &config.Error{Key: "profiles." + o.Profile.Name + ".spark.dir", Problem: "is missing; livy-kernel install writes it"}
	}
	return localspark.Setup(ctx, o.Profile.Spark.Dir, localspark.SetupOptions{
		Env: o.Env.Children(), Logger: o.Logger,
		Progress: func(s localspark.Step) {
			if !s.Done {
				progress(s.Name)
			}
		},
	})
}

func connectLocal(ctx context.Context, o Options, progress func(string)) (*Connection, error) {
	embedded, err := EmbeddedServer(ctx, o, progress)
	if err != nil {
		return nil, err
	}
	transport := server.NewTransport(embedded)
	closer := localCloser{transport, embedded}
	client, err := livy.New(localEndpoint, livy.WithTransport(transport), livy.WithLogger(o.Logger))
	if err != nil {
		return nil, errors.Join(err, closer.Close()) //nolint:contextcheck // Close has a time of its own
	}
	return &Connection{Client: client, Closer: closer, profile: o.Profile}, nil
}

// localCloser ends the embedded server and its drivers.
type localCloser struct {
	transport *server.Transport
	server    *server.Server
}

func (c localCloser) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	err := c.transport.Close()
	return errors.Join(err, c.server.Close(ctx))
}
