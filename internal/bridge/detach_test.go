// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/kernel/freeport"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// embedded makes the kernel one whose sessions live in its own process until
// it is detached, and counts how often that was asked for.
func embedded(t *testing.T, bn *bench, k config.Kernel) (store *sessions.Store, detached *int) {
	t.Helper()
	store, detached = sessions.NewStore(filepath.Join(t.TempDir(), "sessions"), slog.New(slog.DiscardHandler)), new(int)
	bn.use(Options{
		Profile: config.Profile{Name: "local", Endpoint: config.EndpointLocal, Kernel: k}, Kind: livy.KindPySpark,
		Sessions: store, Notebook: "nb", Detach: func() { *detached++ },
		Connect: func(context.Context, func(string)) (*livy.Client, io.Closer, error) {
			return bn.client, closer(func() error { bn.closed++; return nil }), nil
		},
	})
	return store, detached
}

func (bn *bench) recordsIn(store *sessions.Store) int {
	bn.t.Helper()
	all, err := store.List()
	if err != nil {
		bn.t.Fatal(err)
	}
	return len(all)
}

// TestKeepMovesNoSession is %%session keep on the embedded Spark: a session
// that runs stays where it is, and the cell says so; the next one is apart.
func TestKeepMovesNoSession(t *testing.T) {
	for _, magic := range []string{"%%session keep", "%%session share team"} {
		t.Run(magic, func(t *testing.T) {
			bn := newBench(t, livy.KindPySpark)
			store, detached := embedded(t, bn, config.Kernel{})
			run := func(code string) error { return bn.bridge.Execute(t.Context(), cell(code), &recorder{}) }
			if err := run("1+1"); err != nil {
				t.Fatal(err)
			}
			if n := bn.recordsIn(store); n != 0 {
				t.Errorf("%d records of a session that ends with its kernel", n)
			}
			if e := cellError(t, run(magic)); e.EName != "ConfigError" || !strings.Contains(e.EValue, "%%session stop ends it") || *detached != 0 {
				t.Errorf("got %s, %d detached", e, *detached)
			}
			for _, code := range []string{"%%session stop", magic, "1+1"} {
				if err := run(code); err != nil {
					t.Fatalf("%s: %v", code, err)
				}
			}
			if n := bn.recordsIn(store); n != 1 || *detached != 1 || bn.closed != 1 {
				t.Errorf("%d records, detached %d times, %d servers closed; want one each", n, *detached, bn.closed)
			}
			if err := run("%%session stop"); err != nil { // it would outlive the test
				t.Error(err)
			}
		})
	}
}

// TestKeepFromTheStart is a profile that says keep or share.
func TestKeepFromTheStart(t *testing.T) {
	for _, k := range []config.Kernel{{OnShutdown: "keep"}, {Share: "team"}} {
		bn := newBench(t, livy.KindPySpark)
		store, detached := embedded(t, bn, k)
		if *detached != 1 {
			t.Errorf("%+v: detached %d times", k, *detached)
		}
		for _, code := range []string{"1+1", "%%session stop"} {
			if err := bn.bridge.Execute(t.Context(), cell(code), &recorder{}); err != nil {
				t.Fatal(err)
			}
			if want := map[string]int{"1+1": 1}[code]; bn.recordsIn(store) != want {
				t.Errorf("%+v: %d records after %s", k, bn.recordsIn(store), code)
			}
		}
	}
}

// keepOn makes the kernel one whose sessions live on, each connection to the
// next of servers, which are apart.
func (bn *bench) keepOn(t *testing.T, servers *[]*livy.Client) {
	t.Helper()
	bn.use(Options{
		Profile: config.Profile{Name: "local", Endpoint: config.EndpointLocal, Kernel: config.Kernel{OnShutdown: "keep"}}, Kind: livy.KindPySpark,
		Sessions: sessions.NewStore(filepath.Join(t.TempDir(), "sessions"), slog.New(slog.DiscardHandler)), Notebook: "nb", Detach: func() {},
		Connect: func(context.Context, func(string)) (*livy.Client, io.Closer, error) {
			client := (*servers)[0]
			*servers = (*servers)[1:]
			return client, closer(func() error { bn.closed++; return nil }), nil
		},
	})
}

// TestDetachedServerThatHasEnded is looked for again by the next session: it
// ends a while after its last one, and another takes its place.
func TestDetachedServerThatHasEnded(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	gone, err := livy.New("http://127.0.0.1:1") // Nobody listens there.
	if err != nil {
		t.Fatal(err)
	}
	servers := []*livy.Client{gone, bn.client, bn.client}
	bn.keepOn(t, &servers)
	run := func(code string) error { return bn.bridge.Execute(t.Context(), cell(code), &recorder{}) }
	if e := cellError(t, run("1+1")); e.EName != "ConnectionFailed" {
		t.Errorf("got %s", e)
	}
	for _, code := range []string{"1+1", "%%session stop", "1+1", "%%session stop"} {
		if err := run(code); err != nil {
			t.Fatalf("%s: %v", code, err)
		}
	}
	if bn.closed != 2 || len(servers) != 0 {
		t.Errorf("%d connections closed, %d not asked for", bn.closed, len(servers))
	}
}

// TestRow44DetachedServerKilled: with the server on this machine the session is
// lost, and the next cell has one on another server.
func TestRow44DetachedServerKilled(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	engine := livytest.NewEngine()
	engine.Otherwise(livytest.Echo)
	listener, err := freeport.Listen() // No other test gets the port.
	if err != nil {
		t.Fatal(err)
	}
	standing := server.New(engine)
	killed := &http.Server{Handler: standing}
	go func() { _ = killed.Serve(listener) }()
	gone, err := livy.New("http://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	servers := []*livy.Client{gone, bn.client}
	bn.keepOn(t, &servers)
	run := func(code string) error { return bn.bridge.Execute(t.Context(), cell(code), &recorder{}) }
	if err := run("1+1"); err != nil {
		t.Fatal(err)
	}
	gone.CloseIdleConnections()
	if err := errors.Join(killed.Close(), standing.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
	if e := cellError(t, run("1+1")); e.EName != "SessionLost" || !strings.Contains(e.EValue, "gone with its server") {
		t.Errorf("got %s", e)
	}
	for _, code := range []string{"1+1", "%%session stop"} {
		if err := run(code); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
}
