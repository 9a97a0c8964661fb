// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// anyPort is the address that the tests with real sockets listen on.
const anyPort = "tcp://127.0.0.1:0"

// patience ends a test that hangs; no test waits for it otherwise.
const patience = 30 * time.Second

func testContext(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func frames(parts ...string) [][]byte {
	out := make([][]byte, len(parts))
	for i, p := range parts {
		out[i] = []byte(p)
	}
	return out
}

func closeSocket(t testing.TB, s interface{ Close(context.Context) error }) {
	t.Helper()
	if err := s.Close(context.Background()); err != nil {
		t.Errorf("close: %v", err)
	}
}

// echoRouter is a Router that sends every message back to the peer that sent it.
func echoRouter(t testing.TB, addr string, opts ...Option) *Router {
	t.Helper()
	r, err := ListenRouter(testContext(t), addr, opts...)
	if err != nil {
		t.Fatal(err)
	}
	serveEcho(t, r)
	return r
}

func serveEcho(t testing.TB, r *Router) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for m := range r.Messages() {
			_ = m.Peer.Send(m.Frames)
		}
	}()
	t.Cleanup(func() {
		closeSocket(t, r)
		<-ended
	})
}

func dial(t testing.TB, addr string, socket SocketType, opts ...DialOption) *ClientConn {
	t.Helper()
	c, err := Dial(testContext(t), addr, socket, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// lockedBuffer collects a log.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// logger logs into b what is at least informational.
func (b *lockedBuffer) logger() *slog.Logger { return slog.New(slog.NewTextHandler(b, nil)) }

func containsAll(s string, parts ...string) bool {
	for _, p := range parts {
		if !strings.Contains(s, p) {
			return false
		}
	}
	return true
}
