// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

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
