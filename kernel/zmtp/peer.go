// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"
)

// Peer is one connection: its reader goroutine calls run, and a writer
// goroutine sends what is queued. Nobody else touches the connection.
type Peer struct {
	guard    *guard
	conn     *zmq4.Conn
	identity []byte
	made     bool // identity was made up here
	queue    *queue

	failing sync.Once
	failed  chan struct{} // closed by fail
	cause   error         // set before failed is closed
	dropped int           // messages that were queued then
}

// peerHandler takes what a peer sends, in the peer's reader goroutine. An error
// closes the peer.
type peerHandler struct {
	message func(p *Peer, frames [][]byte) error
	// command takes all commands but PING and PONG; nil ignores them.
	command func(p *Peer, name string, data []byte) error
}

// openPeer does the handshake over raw, as a socket of the given type with the
// given identity, which may be empty. It does not close raw when it fails.
func openPeer(raw net.Conn, socket zmq4.SocketType, identity []byte, allow allowance) (*Peer, error) {
	if err := raw.SetDeadline(time.Now().Add(handshakeTime)); err != nil {
		return nil, fmt.Errorf("zmtp: handshake: %w", err)
	}
	g := newGuard(raw, allow)
	conn, err := openConn(g, socket, identity)
	if err != nil {
		return nil, fmt.Errorf("zmtp: handshake: %w", err)
	}
	if err := raw.SetDeadline(time.Time{}); err != nil {
		return nil, fmt.Errorf("zmtp: handshake: %w", err)
	}
	p := &Peer{
		guard:    g,
		conn:     conn,
		identity: []byte(conn.Peer.Meta[propIdentity]),
		queue:    newQueue(allow.queued),
		failed:   make(chan struct{}),
	}
	g.claim.drop = func() { p.fail(errUnread) }
	return p, nil
}

// openConn keeps a panic of zmq4 within the connection that caused it.
func openConn(g *guard, socket zmq4.SocketType, identity []byte) (conn *zmq4.Conn, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("zmtp: the connection engine panicked: %v", r)
		}
	}()
	return zmq4.Open(g, null.Security(), socket, identity, false, nil)
}

// Identity returns the routing id of the peer: the one it announced, else one
// that was made up for it. Peers may announce the same identity.
func (p *Peer) Identity() []byte { return p.identity }

// Gone is closed when the connection has ended.
func (p *Peer) Gone() <-chan struct{} { return p.failed }

// Send queues a message for this very connection, frames as they are; they
// must not be changed afterwards. It never blocks. A peer whose queue is full
// is closed. The error is ErrPeerGone, then and whenever the connection has
// ended, or ErrNoFrames.
func (p *Peer) Send(frames [][]byte) error {
	m, err := outgoingMessage(frames)
	if err != nil {
		return err
	}
	err = p.queue.push(m)
	if errors.Is(err, errQueueFull) {
		p.fail(err)
		return ErrPeerGone
	}
	return err
}

// fail closes the connection at once. The first cause stays.
func (p *Peer) fail(cause error) {
	p.failing.Do(func() {
		p.cause = cause
		p.dropped = p.queue.discard()
		_ = p.guard.Close()
		close(p.failed)
	})
}

// run reads until the connection ends and returns why it did: io.EOF when the
// peer left or had taken all that was queued before Close.
func (p *Peer) run(h peerHandler) error {
	written := make(chan struct{})
	go func() {
		defer close(written)
		p.write()
	}()
	p.fail(p.read(h))
	p.guard.allow.unread.give(&p.guard.claim)
	<-written
	return p.cause
}
