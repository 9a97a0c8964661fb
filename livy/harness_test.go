// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"net"
	"net/http"
	"testing"

	"go.uber.org/goleak"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const statements = "POST /sessions/*/statements"

// start returns a scripted server, a client of it and a session that is ready.
func start(t *testing.T, opts ...livy.Option) (*livytest.Server, *livytest.Engine, *livy.Client, livy.SessionID) {
	t.Helper()
	engine := livytest.NewEngine()
	engine.Otherwise(livytest.Text("2"))
	srv := livytest.NewServer(engine)
	client, err := livy.New(srv.URL, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.CloseIdleConnections()
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	created, err := client.CreateSession(t.Context(), livy.CreateSessionRequest{})
	if err != nil {
		t.Fatal(err)
	}
	ready, err := client.WaitSession(t.Context(), created, nil)
	if err != nil {
		t.Fatal(err)
	}
	return srv, engine, client, ready.ID
}

// serveHTTP serves handler on loopback and returns a client of it.
func serveHTTP(t *testing.T, handler http.HandlerFunc, opts ...livy.Option) *livy.Client {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: handler}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = srv.Serve(listener)
	}()
	client, err := livy.New("http://"+listener.Addr().String(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.CloseIdleConnections()
		_ = srv.Close()
		<-served
	})
	return client
}
