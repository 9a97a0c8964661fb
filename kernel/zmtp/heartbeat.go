// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"context"

	"github.com/go-zeromq/zmq4"
)

// Heartbeat sends every message back to the peer it came from, frames as they
// are. It is a ROUTER to REQ clients: a REP would cut messages at an empty
// frame and answer only those that hold one. Nothing but the peer's own reader
// and writer takes part, so that a busy kernel still shows that it lives.
type Heartbeat struct{ endpoint *endpoint }

// ListenHeartbeat binds addr and serves it until Close. ctx bounds the binding
// alone.
func ListenHeartbeat(ctx context.Context, addr string, opts ...Option) (*Heartbeat, error) {
	h := newHeartbeat(opts)
	if err := h.endpoint.listen(ctx, addr); err != nil {
		return nil, err
	}
	return h, nil
}

func newHeartbeat(opts []Option) *Heartbeat {
	h := &Heartbeat{endpoint: newEndpoint(zmq4.Router, opts)}
	h.endpoint.handler.message = echo
	h.endpoint.allow.message, h.endpoint.allow.queued = maxBeatBytes, maxBeatBytes
	return h
}

func echo(p *Peer, frames [][]byte) error { return p.Send(frames) }

// Addr returns the address that is bound, in the form that was given and with
// the real port.
func (h *Heartbeat) Addr() string { return h.endpoint.addr.String() }

// Close ends all connections, as Router.Close does.
func (h *Heartbeat) Close(ctx context.Context) error { return h.endpoint.close(ctx) }
