// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"crypto/tls"
	"net"
	"net/http"
	"sync/atomic"
)

// ResetConnections makes the next n connections be reset as soon as they are
// made, before a byte of them is read. Connections that stand are kept.
func (s *Server) ResetConnections(n int) { s.listener.resets.Add(int64(n)) }

// resetListener resets the connections that it was told to.
type resetListener struct {
	net.Listener
	resets atomic.Int64
}

// Accept implements net.Listener.
func (l *resetListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil || !l.take() {
			return conn, err
		}
		closeConn(conn, true)
	}
}

// take reports whether the next connection is to be reset.
func (l *resetListener) take() bool {
	for {
		n := l.resets.Load()
		if n <= 0 {
			return false
		}
		if l.resets.CompareAndSwap(n, n-1) {
			return true
		}
	}
}

// reset ends the connection of w with a TCP reset.
func reset(w http.ResponseWriter) { hangUp(w, true) }

// hangUp ends the connection of w.
func hangUp(w http.ResponseWriter, withReset bool) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2: only the stream is reset.
	}
	closeConn(conn, withReset)
}

// closeConn closes conn, under TLS without a word. With a reset, what was
// written and not yet delivered may be lost.
func closeConn(conn net.Conn, withReset bool) {
	if t, ok := conn.(*tls.Conn); ok {
		conn = t.NetConn()
	}
	if t, ok := conn.(*net.TCPConn); ok && withReset {
		_ = t.SetLinger(0) // Else the close is a plain one, still without an answer.
	}
	_ = conn.Close()
}
