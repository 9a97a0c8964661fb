// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"context"
	"net"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
)

// countingConn counts the calls of Write, each of which is a system call.
type countingConn struct {
	net.Conn
	writes *atomic.Int64
}

func (c countingConn) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

// TestTrap13OneWritePerMessage: the frames of a message leave together, and so
// do messages that wait together.
func TestTrap13OneWritePerMessage(t *testing.T) {
	r := newRouter(nil)
	l := startPipe(r.endpoint)
	serveEcho(t, r)
	client, server := net.Pipe()
	var writes atomic.Int64
	l.conns <- countingConn{Conn: server, writes: &writes}
	peer := newRawPeer(t, client)
	peer.handshake("DEALER")
	ask := frame(0, []byte("ask"))
	peer.write(ask)
	peer.next()
	before := writes.Load()
	var message []byte
	for range 6 {
		message = append(message, frame(flagMore, make([]byte, 100))...)
	}
	peer.write(append(message, frame(0, []byte("last"))...))
	peer.next()
	if n := writes.Load() - before; n != 1 {
		t.Errorf("a message of seven frames was sent by %d writes", n)
	}
	peer.conn.Close()
}

// TestTrap12NothingIsLeftAfterClose: sockets that come and go leave no
// goroutine, whether or not somebody reads their messages.
func TestTrap12NothingIsLeftAfterClose(t *testing.T) {
	others := goleak.IgnoreCurrent()
	for range 20 {
		r, err := ListenRouter(t.Context(), anyPort)
		if err != nil {
			t.Fatal(err)
		}
		p, err := ListenPublisher(t.Context(), anyPort, nil)
		if err != nil {
			t.Fatal(err)
		}
		client, subscriber := dial(t, r.Addr(), Dealer), dial(t, p.Addr(), Sub)
		for range 20 { // that nobody reads
			if err := client.Send(t.Context(), frames("hi")); err != nil {
				t.Fatal(err)
			}
		}
		if err := subscriber.Subscribe(nil); err != nil {
			t.Fatal(err)
		}
		<-p.Subscribed()
		for _, s := range []interface{ Close(context.Context) error }{r, p} {
			closeSocket(t, s)
		}
		client.Close()
		subscriber.Close()
	}
	goleak.VerifyNone(t, others)
}
