// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"
)

// scripted is a connection whose other side says what is in Reader and listens
// to nothing.
type scripted struct {
	net.Conn // nil: what is not overridden must not be called
	io.Reader
}

func (s scripted) Read(p []byte) (int, error)  { return s.Reader.Read(p) }
func (s scripted) Write(p []byte) (int, error) { return len(p), nil }

// FuzzGuard feeds the connection engine through the guard with anything at all,
// after the given number of proper steps. Nothing may panic, no message may
// exceed the limits, and no command may come out as one.
func FuzzGuard(f *testing.F) {
	for _, h := range hostile {
		step := map[string]byte{"": 0, "greeting": 1, "ready": 2}[h.after]
		f.Add(step, h.bytes)
	}
	f.Add(byte(2), append(frame(flagMore, []byte("a")), frame(0, nil)...))
	f.Add(byte(2), append(command("PING", []byte("\x00\x00ctx")), frame(0, bytes.Repeat([]byte("x"), 300))...))
	f.Fuzz(func(t *testing.T, step byte, data []byte) {
		var script []byte
		if step >= 1 {
			script = append(script, greeting()...)
		}
		if step >= 2 {
			script = append(script, ready("DEALER")...)
		}
		g := newGuard(scripted{Reader: bytes.NewReader(append(script, data...))}, ofMessages())
		// Not by openPeer, which would turn a panic into an error.
		conn, err := zmq4.Open(g, null.Security(), zmq4.Router, nil, false, nil)
		if err != nil {
			return
		}
		g.onCommand = func(string, []byte) error { return nil }
		for {
			msg, err := conn.RecvMsg()
			if err != nil {
				return
			}
			if msg.Type != zmq4.UsrMsg {
				t.Fatal("a command came out as a message")
			}
			size := 0
			for _, frame := range msg.Frames {
				size += len(frame)
			}
			if len(msg.Frames) == 0 || len(msg.Frames) > maxFrames || size > maxMessageBytes {
				t.Fatalf("a message of %d frames and %d bytes", len(msg.Frames), size)
			}
		}
	})
}

// FuzzMetadata compares with the engine: what the check lets through, it can
// parse, with the same socket type.
func FuzzMetadata(f *testing.F) {
	f.Add(ready("DEALER")[8:])
	f.Add(manyProperties(8))
	f.Add(manyProperties(9))
	f.Fuzz(func(t *testing.T, data []byte) {
		if checkMetadata(data) != nil {
			return
		}
		meta := make(zmq4.Metadata)
		if err := meta.UnmarshalZMTP(data); err != nil {
			t.Fatalf("the check let through what cannot be parsed: %v", err)
		}
		if err := checkSocketType(meta[propSocketType]); err != nil {
			t.Fatal(err)
		}
	})
}

// TestEnginePanicIsContained: should the engine panic all the same, it costs the
// one connection.
func TestEnginePanicIsContained(t *testing.T) {
	g := newGuard(panicking{}, ofMessages())
	if _, err := openConn(g, zmq4.Router, nil); err == nil {
		t.Error("no error in the handshake")
	}
	conn := &zmq4.Conn{} // its nil connection makes it panic
	p := &Peer{guard: g, conn: conn}
	if _, err := p.receive(); err == nil {
		t.Error("no error in a read")
	}
}

type panicking struct{ net.Conn }

func (panicking) Write([]byte) (int, error) { panic("engine") }

// TestPeerLeft: only what this side brought about is worth a warning.
func TestPeerLeft(t *testing.T) {
	reset := &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}
	for _, err := range []error{io.EOF, io.ErrUnexpectedEOF, reset} {
		if !peerLeft(err) {
			t.Errorf("%v: the peer left", err)
		}
	}
	client, server := net.Pipe()
	defer server.Close()
	defer client.Close()
	if err := client.SetDeadline(time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	_, timeout := client.Write([]byte("x"))
	for _, err := range []error{errQueueFull, errLinger, &net.OpError{Op: "write", Err: timeout}} {
		if peerLeft(err) {
			t.Errorf("%v: the peer was closed", err)
		}
	}
}
