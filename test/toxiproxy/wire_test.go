// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package toxiproxy

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"github.com/livy-kernel/livy-kernel/internal/bridge"
	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// TestMain has toxiproxy log nothing; part of it does so past its logger.
func TestMain(m *testing.M) {
	zerolog.SetGlobalLevel(zerolog.Disabled)
	m.Run()
}

// Requests that faults wait for.
const (
	postSession   = "POST /sessions"
	getSessions   = "GET /sessions"
	getStatement  = "GET /sessions/*/statements/*"
	postStatement = "POST /sessions/*/statements"
)

// bench is a kernel's backend, a network that can be poisoned, and a server.
type bench struct {
	t      *testing.T
	engine *livytest.Engine
	server *livytest.Server
	proxy  *toxiproxy.Proxy
	client *livy.Client
	bridge *bridge.Bridge
}

func newBench(t *testing.T) *bench {
	t.Helper()
	bn := &bench{t: t, engine: livytest.NewEngine()}
	bn.engine.Otherwise(livytest.Text("")) // what the kernel sends ahead of a cell
	bn.engine.On("1+1", livytest.Text("2"))
	bn.server = livytest.NewServer(bn.engine)
	api := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	bn.proxy = toxiproxy.NewProxy(api, "livy", "127.0.0.1:0", bn.address())
	if err := bn.proxy.Start(); err != nil {
		t.Fatal(err)
	}
	bn.use(nil, nil)
	t.Cleanup(func() {
		bn.heal()
		if err := bn.bridge.Close(context.Background(), false); err != nil {
			t.Errorf("close: %v", err)
		}
		bn.client.CloseIdleConnections()
		bn.proxy.Stop()
		if err := bn.server.Close(); err != nil {
			t.Error(err)
		}
		if n := bn.engine.Living(); n != 0 {
			t.Errorf("%d drivers outlive the kernel", n)
		}
	})
	return bn
}

// address is the server's own, past the proxy.
func (bn *bench) address() string { return strings.TrimPrefix(bn.server.URL, "http://") }

// use makes the backend, with a transport and a wall clock of its own where
// they are not nil.
func (bn *bench) use(transport http.RoundTripper, wall func() time.Time) {
	bn.t.Helper()
	endpoint := "http://" + bn.proxy.Listen
	var options []livy.Option
	if transport != nil {
		options = append(options, livy.WithTransport(transport))
	}
	client, err := livy.New(endpoint, options...)
	if err != nil {
		bn.t.Fatal(err)
	}
	bn.client = client
	bn.bridge = bridge.New(bridge.Options{
		Profile: config.Profile{Name: "test", Endpoint: endpoint}, Kind: livy.KindPySpark, Wall: wall,
		Connect: func(context.Context, func(string)) (*livy.Client, io.Closer, error) { return client, nil, nil },
	})
}

// attributes are what a toxic is told.
type attributes map[string]int

// poison has a toxic meet what goes through the proxy from now on; stream is
// "downstream" for answers, "upstream" for requests.
func (bn *bench) poison(kind, stream string, a attributes) {
	bn.t.Helper()
	text, err := json.Marshal(struct {
		Type       string     `json:"type"`
		Stream     string     `json:"stream"`
		Attributes attributes `json:"attributes"`
	}{kind, stream, a})
	if err != nil {
		bn.t.Fatal(err)
	}
	if _, err := bn.proxy.Toxics.AddToxicJson(strings.NewReader(string(text))); err != nil {
		bn.t.Fatal(err)
	}
}

// heal takes every toxic away.
func (bn *bench) heal() { bn.proxy.Toxics.ResetToxics(context.Background()) }

// healAt heals when the next request of pattern arrives at the server.
func (bn *bench) healAt(pattern string) {
	bn.server.Inject(pattern, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		bn.heal()
		next.ServeHTTP(w, r)
	})
}

// run runs a cell and returns what it printed.
func (bn *bench) run(code string) (string, error) {
	var out printed
	err := bn.bridge.Execute(bn.t.Context(), kernel.Cell{Code: code, StoreHistory: true}, &out)
	return out.text(), err
}

// must runs a cell that has to print want, and to run once.
func (bn *bench) must(code, want string) {
	bn.t.Helper()
	runs := bn.engine.Runs(code)
	got, err := bn.run(code)
	if err != nil || got != want {
		bn.t.Errorf("%s: %v, printed %d bytes %.80q, want %d bytes %.80q", code, err, len(got), got, len(want), want)
	}
	if n := bn.engine.Runs(code) - runs; n != 1 {
		bn.t.Errorf("%s ran %d times", code, n)
	}
}

// printed is a Sink that keeps what a cell prints.
type printed struct {
	mu  sync.Mutex
	out strings.Builder
}

func (p *printed) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

func (p *printed) Stream(name, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if name == wire.Stdout {
		p.out.WriteString(text)
	}
}

func (*printed) Display(kernel.Display)                      {}
func (*printed) UpdateDisplay(kernel.Display)                {}
func (*printed) Result(kernel.MIMEBundle, kernel.MIMEBundle) {}
func (*printed) ClearOutput(bool)                            {}
func (*printed) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("nobody is asked")
}
