// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"net"
	"testing"
)

// pipeListener accepts the ends of net.Pipe, so that time can be a fake.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	close(l.closed)
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }

func (l *pipeListener) dial(t testing.TB) *rawPeer {
	client, server := net.Pipe()
	l.conns <- server
	return newRawPeer(t, client)
}

func startPipe(e *endpoint) *pipeListener {
	l := newPipeListener()
	e.start(l, address{network: "unix", target: "pipe"})
	return l
}
