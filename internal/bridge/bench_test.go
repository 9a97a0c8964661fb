// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a bridge in front of a scripted Livy server.
type bench struct {
	t      *testing.T
	engine *livytest.Engine
	server *livytest.Server
	bridge *Bridge
	client *livy.Client
	closed int // how often the connector's closer was called
}

// newBench returns a bench whose parts the test's end closes: afterwards no
// session and no driver is left.
func newBench(t *testing.T, kind livy.Kind, options ...livytest.Option) *bench {
	t.Helper()
	bn := &bench{t: t, engine: livytest.NewEngine()}
	bn.engine.On("1+1", livytest.Text("2"))
	bn.server = livytest.NewServer(bn.engine, options...)
	client, err := livy.New(bn.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	bn.client = client
	bn.use(Options{Profile: config.Profile{Name: "test", Endpoint: bn.server.URL}, Kind: kind})
	t.Cleanup(func() {
		if err := bn.bridge.Close(context.Background(), false); err != nil {
			t.Errorf("close: %v", err)
		}
		if n := bn.engine.Living(); n != 0 {
			t.Errorf("%d drivers outlive the bridge", n)
		}
		client.CloseIdleConnections()
		if err := bn.server.Close(); err != nil {
			t.Error(err)
		}
	})
	return bn
}

// use makes the bridge of these options.
func (bn *bench) use(o Options) {
	if o.Connect == nil {
		o.Connect = func(context.Context, func(string)) (*livy.Client, io.Closer, error) {
			return bn.client, closer(func() error { bn.closed++; return nil }), nil
		}
	}
	bn.bridge = New(o)
	bn.bridge.grace = 20 * time.Millisecond
	bn.bridge.tick = time.Millisecond
	bn.bridge.mends, bn.bridge.displays = false, false // the tests count requests
}

type closer func() error

func (c closer) Close() error { return c() }

// cell is a cell of a notebook.
func cell(code string) kernel.Cell { return kernel.Cell{Code: code, StoreHistory: true, CellID: "a"} }

// run runs a cell to its end.
func (bn *bench) run(code string) (*recorder, error) {
	r := &recorder{}
	return r, bn.bridge.Execute(bn.t.Context(), cell(code), r)
}

// must runs a cell that has to succeed.
func (bn *bench) must(code string) *recorder {
	bn.t.Helper()
	r, err := bn.run(code)
	if err != nil {
		bn.t.Fatalf("%q: %v", code, err)
	}
	return r
}

// running is a cell that runs in the background.
type running struct {
	*recorder
	interrupt context.CancelCauseFunc
	err       chan error
}

// start runs a cell in the background.
func (bn *bench) start(code string) *running {
	ctx, cancel := context.WithCancelCause(bn.t.Context())
	r := &running{recorder: &recorder{}, interrupt: cancel, err: make(chan error, 1)}
	go func() { r.err <- bn.bridge.Execute(ctx, cell(code), r) }()
	return r
}

// signal returns a behaviour that tells when it is reached, then goes on with
// then, and the channel on which it tells.
func signal(then livytest.Behaviour) (livytest.Behaviour, <-chan struct{}) {
	reached := make(chan struct{}, 10)
	return func(ctx context.Context, call livytest.Call) (out server.Output, err error) {
		reached <- struct{}{}
		return then(ctx, call)
	}, reached
}

// watch returns a channel that receives once the next request of pattern has
// been served.
func (bn *bench) watch(pattern string) <-chan struct{} {
	served := make(chan struct{}, 1)
	bn.server.Inject(pattern, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(w, r)
		served <- struct{}{}
	})
	return served
}
