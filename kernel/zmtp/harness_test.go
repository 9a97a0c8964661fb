// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// anyPort is the address that the tests with real sockets listen on.
const anyPort = "tcp://127.0.0.1:0"

// patience ends a test that hangs; no test waits for it otherwise.
const patience = 30 * time.Second

func testContext(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func frames(parts ...string) [][]byte {
	out := make([][]byte, len(parts))
	for i, p := range parts {
		out[i] = []byte(p)
	}
	return out
}

func closeSocket(t testing.TB, s interface{ Close(context.Context) error }) {
	t.Helper()
	if err := s.Close(context.Background()); err != nil {
		t.Errorf("close: %v", err)
	}
}

// echoRouter is a Router that sends every message back to the peer that sent it.
func echoRouter(t testing.TB, addr string, opts ...Option) *Router {
	t.Helper()
	r, err := ListenRouter(testContext(t), addr, opts...)
	if err != nil {
		t.Fatal(err)
	}
	serveEcho(t, r)
	return r
}

func serveEcho(t testing.TB, r *Router) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for m := range r.Messages() {
			_ = m.Peer.Send(m.Frames)
		}
	}()
	t.Cleanup(func() {
		closeSocket(t, r)
		<-ended
	})
}

func dial(t testing.TB, addr string, socket SocketType, opts ...DialOption) *ClientConn {
	t.Helper()
	c, err := Dial(testContext(t), addr, socket, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// rawPeer speaks ZMTP byte by byte, to say what no ZeroMQ library would.
type rawPeer struct {
	t    testing.TB
	conn net.Conn
	in   *bufio.Reader
}

func newRawPeer(t testing.TB, conn net.Conn) *rawPeer {
	return &rawPeer{t: t, conn: conn, in: bufio.NewReader(conn)}
}

func dialRaw(t testing.TB, addr string) *rawPeer {
	t.Helper()
	a, err := parseAddress(addr)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial(a.network, a.target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return newRawPeer(t, conn)
}

// greeting is that of a libzmq peer: ZMTP 3.1, NULL.
func greeting() []byte {
	g := make([]byte, greetingBytes)
	g[0], g[8], g[9], g[10], g[11] = signatureHead, 1, signatureTail, 3, 1
	copy(g[12:], "NULL")
	return g
}

func frame(flags byte, body []byte) []byte {
	if len(body) < 256 && flags&flagLong == 0 {
		return append([]byte{flags, byte(len(body))}, body...)
	}
	return append(header(flags, uint64(len(body))), body...)
}

// header is a long header that claims a body of size bytes.
func header(flags byte, size uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{flags | flagLong}, size)
}

func command(name string, data []byte) []byte {
	return frame(flagCommand, append(append([]byte{byte(len(name))}, name...), data...))
}

func property(name, value string) []byte {
	p := append([]byte{byte(len(name))}, name...)
	p = binary.BigEndian.AppendUint32(p, uint32(len(value)))
	return append(p, value...)
}

func ready(socket string) []byte {
	return command("READY", append(property("Socket-Type", socket), property("Identity", "")...))
}

func (r *rawPeer) write(b []byte) {
	r.t.Helper()
	if _, err := r.conn.Write(b); err != nil {
		r.t.Fatalf("write: %v", err)
	}
}

func (r *rawPeer) greet() {
	r.t.Helper()
	if _, err := io.ReadFull(r.in, make([]byte, greetingBytes)); err != nil {
		r.t.Fatalf("greeting: %v", err)
	}
	r.write(greeting())
	if flags, _ := r.readFrame(); flags&flagCommand == 0 {
		r.t.Fatalf("READY expected, got flags %#x", flags)
	}
}

func (r *rawPeer) handshake(socket string) {
	r.t.Helper()
	r.greet()
	r.write(ready(socket))
}

func (r *rawPeer) readFrame() (flags byte, body []byte) {
	r.t.Helper()
	h, err := readHeader(r.in)
	if err != nil {
		r.t.Fatalf("read frame: %v", err)
	}
	body = make([]byte, h.size)
	if _, err := io.ReadFull(r.in, body); err != nil {
		r.t.Fatalf("read frame: %v", err)
	}
	return h.raw[0], body
}

// expectClosed reads until the other side has closed the connection.
func (r *rawPeer) expectClosed() {
	r.t.Helper()
	_, err := io.Copy(io.Discard, r.in)
	if netErr, ok := errors.AsType[net.Error](err); ok && netErr.Timeout() {
		r.t.Error("the connection is still open")
	}
}

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

// lockedBuffer collects a log.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// logger logs into b what is at least informational.
func (b *lockedBuffer) logger() *slog.Logger { return slog.New(slog.NewTextHandler(b, nil)) }

func containsAll(s string, parts ...string) bool {
	for _, p := range parts {
		if !strings.Contains(s, p) {
			return false
		}
	}
	return true
}
