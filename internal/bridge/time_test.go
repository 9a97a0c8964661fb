// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"io"
	"net/http"
	"path"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// counter counts requests on their way, and loses those that fault says.
type counter struct {
	http.RoundTripper
	mu     sync.Mutex
	seen   []string
	fault  func(*http.Request) (*http.Response, error) // nil, nil: the request passes
	closed int                                         // how often idle connections were closed
}

func (c *counter) CloseIdleConnections() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed++
}

func (c *counter) closings() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	c.seen = append(c.seen, r.Method+" "+r.URL.Path)
	fault := c.fault
	c.mu.Unlock()
	if fault != nil {
		if answer, err := fault(r); answer != nil || err != nil {
			return answer, err
		}
	}
	return c.RoundTripper.RoundTrip(r)
}

// createAnswered has the request for a session reach the server, and answer
// stand for what that said.
func (c *counter) createAnswered(answer func(*http.Request) (*http.Response, error)) {
	c.breaks(func(r *http.Request) (*http.Response, error) {
		if r.Method != http.MethodPost || r.URL.Path != "/sessions" {
			return nil, nil //nolint:nilnil // the request passes
		}
		taken, err := c.RoundTripper.RoundTrip(r)
		if err == nil {
			err = taken.Body.Close()
		}
		if err != nil {
			return nil, err
		}
		return answer(r)
	})
}

// breaks has every request go through fault; nil heals.
func (c *counter) breaks(fault func(*http.Request) (*http.Response, error)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fault = fault
}

func (c *counter) count(pattern string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, s := range c.seen {
		if ok, err := path.Match(pattern, s); ok && err == nil {
			n++
		}
	}
	return n
}

// inTestTime runs test with a bridge and a server that talk through memory, so
// that hours pass at once.
func inTestTime(t *testing.T, test func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter), options ...server.Option) {
	synctest.Test(t, func(t *testing.T) {
		engine := livytest.NewEngine()
		engine.On("1+1", livytest.Text("2"))
		srv := server.New(engine, options...)
		transport := server.NewTransport(srv)
		seen := &counter{RoundTripper: transport}
		client, err := livy.New("http://livy.invalid", livy.WithTransport(seen))
		if err != nil {
			t.Fatal(err)
		}
		b := New(Options{Connect: func(context.Context, func(string)) (*livy.Client, io.Closer, error) { return client, nil, nil }})
		b.mends, b.displays = false, false // the tests count requests
		test(t, b, engine, seen)
		if err := b.Close(t.Context(), false); err != nil {
			t.Error(err)
		}
		if err := transport.Close(); err != nil {
			t.Error(err)
		}
		if err := srv.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestStartShowsSeconds(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, _ *counter) {
		engine.OnStart(func(context.Context, server.Spec) error { time.Sleep(20 * time.Second); return nil })
		r := &recorder{}
		done := make(chan error)
		go func() { done <- b.Execute(t.Context(), cell("1+1"), r) }()
		time.Sleep(12*time.Second + time.Millisecond)
		if got := r.shown(); got != "Starting Spark session … 12 s, state starting" {
			t.Errorf("after 12 s: %q", got)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		// One update a second at most, and the last line.
		if r.updates > 23 || len(r.displays) != 1 || !strings.HasPrefix(r.shown(), "Spark session 0 is ready (2") {
			t.Errorf("%d updates of %d displays, at last %q", r.updates, len(r.displays), r.shown())
		}
	})
}

// TestInterruptEndsTheCellInASecond holds promise P8 where the code does not
// stop.
func TestInterruptEndsTheCellInASecond(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, _ *counter) {
		release := make(chan struct{})
		engine.On("sleep", livytest.Stubborn(release, livytest.Text("")))
		ctx, cancel := context.WithCancelCause(t.Context())
		done := make(chan error)
		go func() { done <- b.Execute(ctx, cell("sleep"), &recorder{}) }()
		time.Sleep(time.Minute)
		asked := time.Now()
		cancel(kernel.ErrInterrupted)
		if e := cellError(t, <-done); e.EName != "KeyboardInterrupt" || time.Since(asked) != interruptGrace {
			t.Errorf("%s after %v", e, time.Since(asked))
		}
		close(release)
	})
}

// TestKeepAlive counts as activity for half an hour after the last cell, lets
// the server hear of an idle notebook after that, and of a closed one no more.
func TestKeepAlive(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, _ *livytest.Engine, seen *counter) {
		if err := b.Execute(t.Context(), cell("1+1"), &recorder{}); err != nil {
			t.Fatal(err)
		}
		const read, active = "GET /sessions/livy-kernel-*", "POST /sessions/livy-kernel-*/connect"
		before := seen.count(read)
		time.Sleep(2*time.Hour + time.Minute)
		if a, r := seen.count(active), seen.count(read)-before; a != 5 || r != 19 {
			t.Errorf("in two hours %d keep-alives and %d heartbeats, want 5 and 19", a, r)
		}
		if err := b.Execute(t.Context(), cell("%%session stop"), &recorder{}); err != nil {
			t.Fatal(err)
		}
		before = seen.count(read)
		time.Sleep(2 * time.Hour)
		if got := seen.count(read) - before; got != 0 {
			t.Errorf("%d heartbeats after the session's end", got)
		}
	})
}

// TestRow83LongCell keeps the session alive for as long as a cell runs.
func TestRow83LongCell(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		engine.On("long", func(context.Context, livytest.Call) (server.Output, error) {
			time.Sleep(6*time.Hour + time.Minute)
			return livytest.TextOutput("done"), nil
		})
		if err := b.Execute(t.Context(), cell("long"), &recorder{}); err != nil {
			t.Fatal(err)
		}
		if n := seen.count("POST /sessions/livy-kernel-*/connect"); n != 71 { // the first five minutes begin with the cell
			t.Errorf("%d keep-alives in six hours, want 71", n)
		}
	})
}
