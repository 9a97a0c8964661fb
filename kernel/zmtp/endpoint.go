// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-zeromq/zmq4"
)

// endpoint is what all listening sockets share: it accepts connections, does
// each one's handshake in a goroutine of its own, and closes them in good order.
type endpoint struct {
	socket  zmq4.SocketType
	log     *slog.Logger
	handler peerHandler
	left    func(*Peer) // called when a peer's connection has ended; may be nil
	allow   allowance   // of each connection

	listener net.Listener
	addr     address
	closing  chan struct{} // closed when close begins
	done     chan struct{} // closed when close has ended

	mu         sync.Mutex
	conns      map[net.Conn]*Peer // nil during the handshake
	closed     bool
	peers      []*Peer       // in the order of their joining
	joined     chan struct{} // closed and replaced when a peer joins
	identities uint32        // made up so far
	running    sync.WaitGroup
	warnings   atomic.Int64
}

func newEndpoint(socket zmq4.SocketType, opts []Option) *endpoint {
	return &endpoint{
		socket:  socket,
		log:     applyOptions(opts).log,
		allow:   ofMessages(),
		closing: make(chan struct{}),
		done:    make(chan struct{}),
		conns:   make(map[net.Conn]*Peer),
		joined:  make(chan struct{}),
	}
}

// listen binds addr and begins to accept. The handlers must be set.
func (e *endpoint) listen(ctx context.Context, addr string) error {
	a, err := parseAddress(addr)
	if err != nil {
		return err
	}
	l, err := listen(ctx, a)
	if err != nil {
		return err
	}
	e.start(l, a.bound(l.Addr()))
	return nil
}

func (e *endpoint) start(l net.Listener, a address) {
	e.listener, e.addr = l, a
	e.log = e.log.With("address", a.String())
	e.running.Go(e.accept)
}

func (e *endpoint) accept() {
	for {
		conn, err := e.listener.Accept()
		if err == nil {
			e.admit(conn)
			continue
		}
		// Out of file descriptors, most likely. Trying again without a
		// pause would burn a processor until some are free.
		select {
		case <-e.closing:
			return
		case <-time.After(retryPause):
			e.log.Debug("accept failed", "error", err)
		}
	}
}

// admit takes a new connection on, unless there are too many.
func (e *endpoint) admit(conn net.Conn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed || len(e.conns) >= maxConnections {
		_ = conn.Close()
		if !e.closed {
			e.warn("connection refused: too many are open", "open", len(e.conns))
		}
		return
	}
	e.conns[conn] = nil
	e.running.Go(func() { e.serve(conn) })
}

func (e *endpoint) serve(conn net.Conn) {
	defer e.forget(conn)
	p, err := openPeer(conn, e.socket, nil, e.allow)
	if err != nil {
		// Port scans and health checks end here: nothing to worry about.
		e.log.Debug("handshake failed", "remote", conn.RemoteAddr().String(), "error", err)
		return
	}
	if !e.join(conn, p) {
		return
	}
	err = p.run(e.handler)
	if e.left != nil {
		e.left(p)
	}
	e.logEnd(p, err)
}

// join makes p a peer, unless the endpoint was closed meanwhile.
func (e *endpoint) join(conn net.Conn, p *Peer) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return false
	}
	if len(p.identity) == 0 {
		// As libzmq does it: announced identities do not begin with a zero.
		e.identities++
		n := e.identities
		p.made, p.identity = true, []byte{0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
	}
	e.conns[conn] = p
	e.peers = append(e.peers, p)
	close(e.joined)
	e.joined = make(chan struct{})
	return true
}

// find returns the youngest peer that announced id, or nil and what is closed
// when another peer joins.
func (e *endpoint) find(id []byte) (*Peer, <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, p := range slices.Backward(e.peers) {
		if !p.made && bytes.Equal(p.identity, id) {
			return p, nil
		}
	}
	return nil, e.joined
}

func (e *endpoint) forget(conn net.Conn) {
	_ = conn.Close()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.peers = slices.DeleteFunc(e.peers, func(p *Peer) bool { return p == e.conns[conn] })
	delete(e.conns, conn)
}

func (e *endpoint) logEnd(p *Peer, err error) {
	remote := slog.String("remote", p.guard.RemoteAddr().String())
	if peerLeft(err) {
		e.log.Debug("peer left", remote, "error", err)
		return
	}
	e.warn("peer disconnected", remote, "error", err, "dropped_messages", p.dropped)
}

// warn logs a warning, or at debug level what would be one too many: strangers
// cause them, and shall not fill a disk.
func (e *endpoint) warn(msg string, args ...any) {
	level := slog.LevelWarn
	if e.warnings.Add(1) > maxWarnings {
		level = slog.LevelDebug
	}
	e.log.Log(context.Background(), level, msg, args...)
}

// peerLeft tells an end that the other side brought about, a reset included,
// from one that this side had to make.
func peerLeft(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return !op.Timeout()
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, zmq4.ErrClosedConn)
}
