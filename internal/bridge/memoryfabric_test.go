// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// fabricInMemory starts a Fabric that a bubble of testing/synctest can hold, and
// which looks for idle sessions every minute.
func fabricInMemory(t *testing.T, engine *livytest.Engine, f livytest.Fabric) *livytest.Server {
	t.Helper()
	f.Phases = []livytest.FabricPhase{}
	srv := livytest.NewServer(engine, livytest.InMemory(), livytest.WithFabric(f),
		livytest.WithServerOptions(server.WithLimits(server.Limits{Watch: time.Minute})))
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	return srv
}

// salesOn returns the kernel of profile sales there, which Close ends; options
// may be empty.
func salesOn(t *testing.T, srv *livytest.Server, authorize livy.Authorizer, k config.Kernel, o Options) *Bridge {
	t.Helper()
	client, err := livy.New(srv.Endpoint(), livy.WithDialect(livy.DialectFabric), livy.WithTransport(srv.Transport()), livy.WithAuthorizer(authorize))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	o.Profile = config.Profile{Name: "sales", Endpoint: srv.Endpoint(), Dialect: "fabric", Auth: "entra", Kernel: k}
	o.Connect = func(context.Context, func(string)) (*livy.Client, io.Closer, error) { return client, nil, nil }
	b := New(o)
	b.displays = false // the helper would be a statement of its own
	return b
}
