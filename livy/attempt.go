// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"context"
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
)

// attempt tells how far a request came. What cannot be known counts as the
// worse: that the server may have it.
type attempt struct {
	mu     sync.Mutex
	phase  string       // the phase it is in; PhaseHTTP from the connection on
	conn   *countedConn // nil where what is written cannot be counted
	before int64        // the writes to conn before this request
}

// reset forgets an earlier request.
func (a *attempt) reset() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.phase, a.conn = PhaseTCP, nil
}

// begin notes that a transport has the request. One that is not net/http's may
// send it and tell nothing of it.
func (a *attempt) begin(tells bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !tells {
		a.phase = PhaseHTTP
	}
}

// mayHaveArrived reports whether anything of a failed request was written.
func (a *attempt) mayHaveArrived() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.phase == PhaseHTTP && (a.conn == nil || a.conn.writes.Load() != a.before)
}

func (a *attempt) reached() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.phase
}

// trace returns what keeps a up to date.
//
// net/http asks for a connection again by itself where it knows that nothing
// of the request was taken: a clean slate. It would replay a POST that was
// written only for an Idempotency-Key, which none has here.
func (a *attempt) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn:  func(string) { a.reset() },
		DNSStart: func(httptrace.DNSStartInfo) { a.enter(PhaseDNS) },
		ConnectStart: func(string, string) {
			a.enter(PhaseTCP)
		},
		ConnectDone: func(_, _ string, err error) {
			if err == nil {
				a.enter(PhaseProxy) // until TLS starts, only a proxy is spoken with
			}
		},
		TLSHandshakeStart: func() { a.enter(PhaseTLS) },
		GotConn:           func(info httptrace.GotConnInfo) { a.connected(info.Conn) },
	}
}

// enter notes a phase before the connection. A dial that lost the race to a
// connection that came free goes on in the background and must not count.
func (a *attempt) enter(phase string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.phase != PhaseHTTP {
		a.phase = phase
	}
}

func (a *attempt) connected(conn net.Conn) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.phase = PhaseHTTP
	for {
		secured, ok := conn.(*tls.Conn)
		if !ok {
			break
		}
		conn = secured.NetConn()
	}
	if counted, ok := conn.(*countedConn); ok {
		a.conn, a.before = counted, counted.writes.Load()
	}
}

// countedConn counts the writes to a connection.
type countedConn struct {
	net.Conn
	writes atomic.Int64
}

// Write implements net.Conn. It counts first: the server may have answered
// before the write returns. Only a write of nothing is taken back.
func (c *countedConn) Write(b []byte) (int, error) {
	c.writes.Add(1)
	n, err := c.Conn.Write(b)
	if n == 0 {
		c.writes.Add(-1)
	}
	return n, err
}

// counted makes the connections of dial count.
func counted(dial func(ctx context.Context, network, address string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &countedConn{Conn: conn}, nil
	}
}
