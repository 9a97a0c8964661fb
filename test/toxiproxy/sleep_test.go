// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package toxiproxy

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// machine is one that sleeps: its wall clock goes on meanwhile, connections of
// before lead nowhere, and new ones take another way.
type machine struct {
	*http.Transport
	slept atomic.Int64 // by how much the wall clock is ahead

	mu      sync.Mutex
	way     string // the address that is dialled
	stopped int    // requests that were given up
}

func newMachine(way string) *machine {
	m := &machine{way: way}
	m.Transport = &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		m.mu.Lock()
		way := m.way
		m.mu.Unlock()
		return new(net.Dialer).DialContext(ctx, network, way)
	}}
	return m
}

func (m *machine) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := m.Transport.RoundTrip(r)
	if errors.Is(err, context.Canceled) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.stopped++
	}
	return resp, err
}

func (m *machine) wall() time.Time { return time.Now().Add(time.Duration(m.slept.Load())) }

// sleep has the machine wake up eight hours later, where another way leads to
// the server.
func (m *machine) sleep(bn *bench, way string) {
	for _, stream := range []string{"upstream", "downstream"} {
		bn.poison("timeout", stream, attributes{"timeout": 0})
	}
	m.mu.Lock()
	m.way = way
	m.mu.Unlock()
	m.slept.Add(int64(8 * time.Hour))
}

func (m *machine) givenUp() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.stopped
}

// TestRow85SleepInACell asks anew at once: the question that was on its way
// would be waited for as long as any answer.
func TestRow85SleepInACell(t *testing.T) {
	bn := newBench(t)
	m := newMachine(bn.proxy.Listen)
	bn.use(m, m.wall)
	bn.must("1+1", "2\n")
	begun, release := make(chan struct{}), make(chan struct{})
	bn.engine.On("long", func(ctx context.Context, call livytest.Call) (server.Output, error) {
		close(begun)
		return livytest.Until(release, livytest.Text("done"))(ctx, call)
	})
	go func() {
		<-begun
		asked := make(chan struct{})
		bn.server.Inject(getStatement, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			m.sleep(bn, bn.address()) // the answer is lost
			close(asked)
			next.ServeHTTP(w, r)
		})
		<-asked
		close(release)
	}()
	bn.must("long", "done\n")
	if n := m.givenUp(); n == 0 {
		t.Error("the question that was on its way was waited for")
	}
}

// TestRow85SleepBetweenCells sends the next cell over a connection of its own:
// over one of before its outcome would be unknown.
func TestRow85SleepBetweenCells(t *testing.T) {
	bn := newBench(t)
	m := newMachine(bn.proxy.Listen)
	bn.use(m, m.wall)
	bn.must("1+1", "2\n")
	m.sleep(bn, bn.address())
	bn.must("1+1", "2\n")
	if n := bn.server.Submissions("1+1"); n != 2 {
		t.Errorf("posted %d times", n)
	}
}
