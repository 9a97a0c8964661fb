// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package simulation

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/bridge"
	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

var jsonDir = flag.String("json", "", "the folder to write the figures to")

// save writes a figure, where that is asked for.
func save(t *testing.T, name string, figure any) {
	t.Helper()
	if *jsonDir == "" {
		return
	}
	text, err := json.MarshalIndent(figure, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*jsonDir, name+".json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// kind is a kind of server.
type kind struct {
	name    string
	dialect livy.Dialect
	options []livytest.Option
}

// kindApache answers everything at once, as Apache Livy does.
func kindApache() kind {
	return kind{"apache", livy.DialectApache, []livytest.Option{livytest.WithServerOptions(server.WithFastAnswer(0))}}
}

// kindEmbedded is the one of livy-kernel itself: it holds answers back.
func kindEmbedded() kind {
	return kind{"embedded", livy.DialectApache, []livytest.Option{livytest.WithServerOptions(server.WithHold(true))}}
}

func kindFabric() kind {
	return kind{"fabric", livy.DialectFabric, []livytest.Option{livytest.WithFabric(livytest.Fabric{})}}
}

// world is a scripted server inside a bubble of synctest.
type world struct {
	t      *testing.T
	kind   kind
	server *livytest.Server
}

func newWorld(t *testing.T, k kind, opts ...livytest.Option) *world {
	t.Helper()
	engine := livytest.NewEngine()
	engine.Otherwise(livytest.Echo)
	return &world{t, k, livytest.NewServer(engine, slices.Concat(k.options, opts, []livytest.Option{livytest.InMemory()})...)}
}

func (w *world) close() {
	w.t.Helper()
	if err := w.server.Close(); err != nil {
		w.t.Error(err)
	}
}

// notebook is a bridge as a kernel has it, the kernel's sockets left away.
func (w *world) notebook(budget livy.Budget) *bridge.Bridge {
	return bridge.New(bridge.Options{
		Profile: config.Profile{
			Name: "bench", Endpoint: w.server.Endpoint(), Dialect: string(w.kind.dialect),
			Kernel: config.Kernel{StartTimeout: "24h"}, // that is not what is measured
		},
		Kind:   livy.KindPySpark,
		Finish: func(context.Context, bridge.Leftover) error { return nil },
		Connect: func(context.Context, func(string)) (*livy.Client, io.Closer, error) {
			opts := []livy.Option{livy.WithTransport(w.server.Transport()), livy.WithDialect(w.kind.dialect), livy.WithAuthorizer(token{})}
			if budget != nil {
				opts = append(opts, livy.WithBudget(budget))
			}
			client, err := livy.New(w.server.Endpoint(), opts...)
			return client, nil, err
		},
	})
}

// run runs a cell and returns how long it took.
func (w *world) run(b *bridge.Bridge, code string) time.Duration {
	w.t.Helper()
	began := time.Now()
	if err := b.Execute(w.t.Context(), kernel.Cell{Code: code, StoreHistory: true}, blind{}); err != nil {
		w.t.Errorf("%s: %v", code, err)
	}
	return time.Since(began)
}

// sent is what was asked of a server.
type sent struct {
	Requests int `json:"requests"`  // without those of the next line
	LogReads int `json:"log_reads"` // for what a cell prints while it runs
	Refused  int `json:"refused"`   // of the requests, with 429
}

// since counts what came after the first n requests.
func (w *world) since(n int) sent {
	var s sent
	for _, r := range w.server.Requests()[n:] {
		path, _, _ := strings.Cut(r.Path, "?")
		switch {
		case strings.HasSuffix(path, "/log"):
			s.LogReads++
		default:
			s.Requests++
			if r.Status == 429 {
				s.Refused++
			}
		}
	}
	return s
}
