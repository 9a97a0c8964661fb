// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package zmtp is the ROUTER, XPUB and heartbeat socket of a Jupyter kernel on
// zmq4's connection engine. It carries byte frames and knows nothing of Jupyter.
package zmtp

import (
	"context"
	"errors"
	"log/slog"
)

// ErrPeerGone tells that the connection has ended.
var ErrPeerGone = errors.New("zmtp: peer is gone")

// ErrClosed tells that the socket was closed.
var ErrClosed = errors.New("zmtp: socket is closed")

var errUnfinished = errors.New("zmtp: not built yet")

// Option changes how a socket behaves.
type Option func(*options)

type options struct{ log *slog.Logger }

// WithLogger makes the socket log to log; without it, it is silent.
func WithLogger(log *slog.Logger) Option { return func(o *options) { o.log = log } }

// Peer is one connection of a Router.
type Peer struct{}

// Identity returns the routing id of the peer.
func (p *Peer) Identity() []byte { return nil }

// Send queues frames for the peer as they are. It never blocks.
func (p *Peer) Send(frames [][]byte) error { return errUnfinished }

// Received is a whole multipart message and the connection it came by. Frames
// excludes the routing id of that connection.
type Received struct {
	Peer   *Peer
	Frames [][]byte
}

// Router is a ROUTER socket.
type Router struct{ messages chan Received }

// ListenRouter binds addr. ctx bounds the binding alone.
func ListenRouter(ctx context.Context, addr string, opts ...Option) (*Router, error) {
	return nil, errUnfinished
}

// Messages is closed after Close.
func (r *Router) Messages() <-chan Received { return r.messages }

// Addr is the bound address.
func (r *Router) Addr() string { return "" }

// Close drains and closes.
func (r *Router) Close(ctx context.Context) error { return errUnfinished }

// Publisher is an XPUB socket.
type Publisher struct{ subscribed chan struct{} }

// ListenPublisher binds addr; welcome may be nil.
func ListenPublisher(ctx context.Context, addr string, welcome func(topic []byte) [][]byte, opts ...Option) (*Publisher, error) {
	return nil, errUnfinished
}

// Publish sends to every matching subscriber.
func (p *Publisher) Publish(ctx context.Context, frames [][]byte) error { return errUnfinished }

// Subscribed is closed at the first subscription.
func (p *Publisher) Subscribed() <-chan struct{} { return p.subscribed }

// Addr is the bound address.
func (p *Publisher) Addr() string { return "" }

// Close drains and closes.
func (p *Publisher) Close(ctx context.Context) error { return errUnfinished }

// Heartbeat echoes every message.
type Heartbeat struct{}

// ListenHeartbeat binds addr.
func ListenHeartbeat(ctx context.Context, addr string, opts ...Option) (*Heartbeat, error) {
	return nil, errUnfinished
}

// Addr is the bound address.
func (h *Heartbeat) Addr() string { return "" }

// Close drains and closes.
func (h *Heartbeat) Close(ctx context.Context) error { return errUnfinished }

// SocketType is what a ClientConn announces itself as.
type SocketType string

// The socket types of a client.
const (
	Dealer SocketType = "DEALER"
	Sub    SocketType = "SUB"
)

// DialOption changes how Dial connects.
type DialOption func(*dialOptions)

type dialOptions struct{ identity []byte }

// WithIdentity announces id as the client's routing id.
func WithIdentity(id []byte) DialOption { return func(o *dialOptions) { o.identity = id } }

// ClientConn is the dialling side.
type ClientConn struct{}

// Dial connects to addr.
func Dial(ctx context.Context, addr string, socketType SocketType, opts ...DialOption) (*ClientConn, error) {
	return nil, errUnfinished
}

// Send queues a message.
func (c *ClientConn) Send(ctx context.Context, frames [][]byte) error { return errUnfinished }

// Recv returns the next message.
func (c *ClientConn) Recv(ctx context.Context) ([][]byte, error) { return nil, errUnfinished }

// Subscribe subscribes a Sub to topic.
func (c *ClientConn) Subscribe(topic []byte) error { return errUnfinished }

// Close ends the connection.
func (c *ClientConn) Close() error { return errUnfinished }
