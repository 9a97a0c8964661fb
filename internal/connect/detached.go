// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"

	"github.com/livy-kernel/livy-kernel/internal/detached"
	"github.com/livy-kernel/livy-kernel/livy"
)

// connectDetached returns a connection to the embedded server that runs apart
// from this process.
func connectDetached(ctx context.Context, o Options, progress func(string)) (*Connection, error) {
	place := detached.Place{StateDir: o.StateDir, SparkDir: o.Profile.Spark.Dir}
	found, err := place.Join(ctx, func(ctx context.Context) error {
		return o.Detached(ctx, place)
	})
	if err != nil {
		return nil, err
	}
	progress("joining the Spark that runs apart from the kernel")
	authorize := header("Bearer " + found.Token)
	client, err := livy.New(found.URL, append(clientOptions(o.Version, o.Logger), livy.WithAuthorizer(authorize))...)
	if err != nil {
		return nil, err
	}
	profile := o.Profile
	profile.Endpoint = found.URL
	return &Connection{Client: client, Closer: idleCloser{client}, profile: profile, authorize: authorize}, nil
}

// StartDetached returns an Options.Detached that sets Spark up and starts
// executable, which is this program, as the server.
func StartDetached(o Options, executable string, progress func(string)) func(context.Context, detached.Place) error {
	return func(ctx context.Context, place detached.Place) error {
		if _, err := setUp(ctx, o, progress); err != nil {
			return err
		}
		progress("starting a server apart from the kernel")
		return detached.Spawn(ctx, executable, o.Env.Children(), place)
	}
}

// NoDetached is an Options.Detached that starts none.
func NoDetached(context.Context, detached.Place) error { return detached.ErrNone }
