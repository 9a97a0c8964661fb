// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"context"
	"sync"

	"github.com/go-zeromq/zmq4"
)

// Received is a message and the connection it came by. Frames excludes the
// routing id of that connection, which Peer.Identity returns, and holds all
// else as it came: a reply goes to Peer.Send, never to a name, because several
// peers may bear the same.
type Received struct {
	Peer   *Peer
	Frames [][]byte
}

// Router is a ROUTER socket that REQ, DEALER and ROUTER sockets connect to.
type Router struct {
	endpoint    *endpoint
	messages    chan Received
	closeOutput sync.Once
}

// ListenRouter binds addr and serves it until Close. A taken address is tried
// again for two seconds, since the kernel that is restarted may be just leaving.
// ctx bounds the binding alone.
func ListenRouter(ctx context.Context, addr string, opts ...Option) (*Router, error) {
	r := newRouter(opts)
	if err := r.endpoint.listen(ctx, addr); err != nil {
		return nil, err
	}
	return r, nil
}

func newRouter(opts []Option) *Router {
	r := &Router{
		endpoint: newEndpoint(zmq4.Router, opts),
		messages: make(chan Received),
	}
	r.endpoint.handler.message = r.receive
	return r
}

// receive blocks the reader of p until the message is taken: a kernel that does
// not read holds its clients back, by TCP.
func (r *Router) receive(p *Peer, frames [][]byte) error {
	select {
	case r.messages <- Received{Peer: p, Frames: frames}:
	case <-r.endpoint.closing:
	}
	return nil
}

// Messages yields what the peers send, in each peer's order. The channel must
// be read promptly, since a peer whose message waits here gets no PONG either.
// It is closed by Close.
func (r *Router) Messages() <-chan Received { return r.messages }

// Peer returns the connection of the peer that announced id, the youngest one
// where several did. It waits for such a peer until ctx ends, and returns nil
// then.
func (r *Router) Peer(ctx context.Context, id []byte) *Peer {
	for {
		p, changed := r.endpoint.find(id)
		if p != nil {
			return p
		}
		select {
		case <-changed:
		case <-r.endpoint.closing:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}

// Addr returns the address that is bound, in the form that was given and with
// the real port.
func (r *Router) Addr() string { return r.endpoint.addr.String() }

// Close stops accepting, sends what is queued and ends all connections. It
// waits for peers that are slow to take the last messages until ctx ends, and
// two seconds at most. An ipc file is removed.
func (r *Router) Close(ctx context.Context) error {
	err := r.endpoint.close(ctx)
	r.closeOutput.Do(func() { close(r.messages) })
	return err
}
