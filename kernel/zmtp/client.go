// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/go-zeromq/zmq4"
)

// SocketType is what a ClientConn announces itself as.
type SocketType string

// The socket types of a ClientConn. A Dealer that sends an empty frame first
// is a REQ to the other side.
const (
	Dealer SocketType = "DEALER"
	Sub    SocketType = "SUB"
)

// DialOption changes how Dial connects.
type DialOption func(*dialOptions)

type dialOptions struct{ identity []byte }

// WithIdentity announces id as the routing id: at most 255 bytes.
func WithIdentity(id []byte) DialOption { return func(o *dialOptions) { o.identity = id } }

// ClientConn is the dialling side of one connection, for tests and tools. It
// does not connect again by itself.
type ClientConn struct {
	peer     *Peer
	messages chan [][]byte
	closing  chan struct{}
	done     chan struct{} // closed when the connection has ended
}

// Dial connects to addr and does the handshake, until ctx ends.
func Dial(ctx context.Context, addr string, socketType SocketType, opts ...DialOption) (*ClientConn, error) {
	var o dialOptions
	for _, opt := range opts {
		opt(&o)
	}
	a, err := parseAddress(addr)
	if err != nil {
		return nil, err
	}
	var dialer net.Dialer
	raw, err := dialer.DialContext(ctx, a.network, a.target)
	if err != nil {
		return nil, fmt.Errorf("zmtp: dial %s: %w", a, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	p, err := openPeer(raw, zmq4.SocketType(socketType), o.identity, ofMessages())
	if !stop() || err != nil {
		_ = raw.Close()
		return nil, fmt.Errorf("zmtp: dial %s: %w", a, errors.Join(err, ctx.Err()))
	}
	return newClientConn(p), nil
}

func newClientConn(p *Peer) *ClientConn {
	c := &ClientConn{
		peer:     p,
		messages: make(chan [][]byte),
		closing:  make(chan struct{}),
		done:     make(chan struct{}),
	}
	go func() {
		defer close(c.done)
		_ = p.run(peerHandler{message: c.receive}) // Recv reports the cause
	}()
	return c
}

func (c *ClientConn) receive(_ *Peer, frames [][]byte) error {
	select {
	case c.messages <- frames:
	case <-c.closing:
	}
	return nil
}

// Send queues a message, and waits for room until ctx ends.
func (c *ClientConn) Send(ctx context.Context, frames [][]byte) error {
	m, err := outgoingMessage(frames)
	if err != nil {
		return err
	}
	return c.peer.queue.pushWithin(ctx, m)
}

// Subscribe subscribes a Sub to the messages whose first frame begins with
// topic.
func (c *ClientConn) Subscribe(topic []byte) error {
	return c.peer.Send([][]byte{append([]byte{messageSubscribe}, topic...)})
}

// Recv returns the next message. The error wraps ErrPeerGone and its cause when
// the connection has ended, and ctx's when that ended first.
func (c *ClientConn) Recv(ctx context.Context) ([][]byte, error) {
	select {
	case frames := <-c.messages:
		return frames, nil
	case <-c.done:
		return nil, fmt.Errorf("%w: %w", ErrPeerGone, c.peer.cause)
	case <-ctx.Done():
		return nil, fmt.Errorf("zmtp: receive: %w", ctx.Err())
	}
}

// Close sends what is queued and ends the connection. It waits two seconds at
// most for the other side. It must be called once.
func (c *ClientConn) Close() error {
	close(c.closing)
	c.peer.queue.end()
	linger := time.NewTimer(lingerTime)
	defer linger.Stop()
	select {
	case <-c.done:
	case <-linger.C:
		c.peer.fail(io.ErrClosedPipe)
		<-c.done
	}
	return nil
}
