// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/go-zeromq/zmq4"
)

// Publisher is an XPUB socket that SUB and XSUB sockets connect to. All
// subscribers see the messages in the same order, and a subscriber misses
// none between its subscription and its end.
type Publisher struct {
	endpoint *endpoint
	welcome  func(topic []byte) [][]byte
	turn     chan struct{} // holds an entry while a Publish runs

	mu     sync.Mutex
	topics map[*Peer]topicSet

	subscribed     chan struct{}
	markSubscribed sync.Once
}

// ListenPublisher binds addr and serves it until Close. ctx bounds the binding
// alone.
//
// Where welcome is not nil, what it returns is sent at every subscription to
// the subscriber alone, before anything that the subscription brings it. Its
// first frame should begin with topic: a SUB drops what it has not subscribed
// to. A nil message sends nothing. welcome is called by the readers of the
// subscribers, several at a time.
func ListenPublisher(ctx context.Context, addr string, welcome func(topic []byte) [][]byte, opts ...Option) (*Publisher, error) {
	p := newPublisher(welcome, opts)
	if err := p.endpoint.listen(ctx, addr); err != nil {
		return nil, err
	}
	return p, nil
}

func newPublisher(welcome func(topic []byte) [][]byte, opts []Option) *Publisher {
	p := &Publisher{
		endpoint:   newEndpoint(zmq4.XPub, opts),
		welcome:    welcome,
		turn:       make(chan struct{}, 1),
		topics:     make(map[*Peer]topicSet),
		subscribed: make(chan struct{}),
	}
	p.endpoint.handler = peerHandler{message: p.receive, command: p.command}
	p.endpoint.left = p.forget
	p.endpoint.allow.message = maxSubscriberBytes
	return p
}

// Publish queues a message for every peer with a subscription that the first
// frame begins with; frames must not be changed afterwards. It waits at most two
// seconds, all peers together, for those whose queue is full. A peer that is
// still full then is closed: it would miss a message, and one without its
// predecessor is worse than a new connection.
//
// When ctx ends before it is this message's turn, nobody gets it and the error
// is that of ctx. From then on all do. The error is ErrClosed after Close.
func (p *Publisher) Publish(ctx context.Context, frames [][]byte) error {
	m, err := outgoingMessage(frames)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("zmtp: publish: %w", err)
	}
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return fmt.Errorf("zmtp: publish: %w", ctx.Err())
	}
	select {
	case <-p.endpoint.closing:
		return ErrClosed
	default:
	}
	p.waitForFull(ctx, p.distribute(m), m)
	return nil
}

// distribute gives m to all that have room and returns the others.
func (p *Publisher) distribute(m outgoing) (full []*Peer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for peer, topics := range p.topics {
		if topics.match(m.frames[0]) && errors.Is(peer.queue.push(m), errQueueFull) {
			full = append(full, peer)
		}
	}
	return full
}

// waitForFull is bounded by its own time alone: a message that some peers have
// must reach the others, whatever became of the reason to publish it.
func (p *Publisher) waitForFull(ctx context.Context, full []*Peer, m outgoing) {
	if len(full) == 0 {
		return
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), fullTime)
	defer cancel()
	for _, peer := range full {
		if err := peer.queue.pushWithin(patience, m); errors.Is(err, errQueueFull) {
			peer.fail(err)
		}
	}
}

// Subscribed is closed at the first subscription of any peer.
func (p *Publisher) Subscribed() <-chan struct{} { return p.subscribed }

// Addr returns the address that is bound, in the form that was given and with
// the real port.
func (p *Publisher) Addr() string { return p.endpoint.addr.String() }

// Close stops accepting, sends what is queued and ends all connections, as
// Router.Close does.
func (p *Publisher) Close(ctx context.Context) error { return p.endpoint.close(ctx) }

// topicSet holds the subscriptions of one peer.
type topicSet map[string]struct{}

func (t topicSet) match(frame []byte) bool {
	for topic := range t {
		if len(frame) >= len(topic) && string(frame[:len(topic)]) == topic {
			return true
		}
	}
	return false
}
