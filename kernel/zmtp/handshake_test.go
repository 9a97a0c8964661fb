// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// TestS1Row05SilentPeer: connections that say nothing, or stop midway, keep
// nobody else from being served.
func TestS1Row05SilentPeer(t *testing.T) {
	for _, port := range ports() {
		t.Run(port.name, func(t *testing.T) {
			addr := port.listen(t)
			for range 3 {
				dialRaw(t, addr)
				dialRaw(t, addr).write(greeting()[:signatureBytes])
				dialRaw(t, addr).greet()
			}
			port.works(t, addr)
		})
	}
}

// TestS3Trap02HandshakeDeadline: whoever has not finished the handshake in time
// is disconnected, wherever it stopped; whoever has, may be silent for ever.
func TestS3Trap02HandshakeDeadline(t *testing.T) {
	for name, begin := range map[string]func(*rawPeer){
		"silent":             func(*rawPeer) {},
		"greeting only":      (*rawPeer).greet,
		"half of the header": func(r *rawPeer) { r.greet(); r.write([]byte{flagCommand}) },
		"half of READY":      func(r *rawPeer) { r.greet(); r.write(ready("DEALER")[:9]) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRouter(nil)
				l := startPipe(r.endpoint)
				defer closeSocket(t, r)

				start := time.Now()
				peer := l.dial(t)
				begin(peer)
				peer.expectClosed()
				if took := time.Since(start); took != handshakeTime {
					t.Errorf("disconnected after %s", took)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		r := newRouter(nil)
		l := startPipe(r.endpoint)
		serveEcho(t, r)
		peer := l.dial(t)
		peer.handshake("DEALER")
		time.Sleep(time.Hour)
		peer.write(frame(0, []byte("still here")))
		if _, got := peer.readFrame(); string(got) != "still here" {
			t.Errorf("after an hour of silence: %q", got)
		}
		peer.conn.Close()
	})
}

// TestHandshakesEndAtClose: Close does not wait for connections that never
// became peers.
func TestHandshakesEndAtClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRouter(nil)
		l := startPipe(r.endpoint)
		silent := l.dial(t)
		start := time.Now()
		closeSocket(t, r)
		silent.expectClosed()
		if took := time.Since(start); took != 0 {
			t.Errorf("Close took %s", took)
		}
	})
}

// TestConnectionLimit: a port has its number of connections and refuses more,
// until one of them ends.
func TestConnectionLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRouter(nil)
		l := startPipe(r.endpoint)
		serveEcho(t, r)
		var peers []*rawPeer
		for range maxConnections {
			peer := l.dial(t)
			peer.handshake("DEALER")
			peers = append(peers, peer)
		}
		l.dial(t).expectClosed()

		peers[0].conn.Close()
		synctest.Wait()
		late := l.dial(t)
		late.handshake("DEALER")
		late.write(frame(0, []byte("hi")))
		if _, got := late.readFrame(); string(got) != "hi" {
			t.Errorf("got %q", got)
		}
		for _, p := range append(peers, late) {
			p.conn.Close()
		}
	})
}

// brokenListener fails to accept, as when the process has no file descriptor
// left.
type brokenListener struct {
	*pipeListener
	attempts int
}

func (l *brokenListener) Accept() (net.Conn, error) {
	l.attempts++
	return nil, errors.New("too many open files")
}

// TestTrap11AcceptErrorsArePaced: a failing accept is tried again, not in a
// busy loop.
func TestTrap11AcceptErrorsArePaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRouter(nil)
		l := &brokenListener{pipeListener: newPipeListener()}
		r.endpoint.start(l, address{})
		time.Sleep(10*retryPause + retryPause/2)
		synctest.Wait()
		if l.attempts != 11 {
			t.Errorf("%d attempts in ten pauses", l.attempts)
		}
		closeSocket(t, r)
	})
}
