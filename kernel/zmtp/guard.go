// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/go-zeromq/zmq4"
)

// guard is the net.Conn that a zmq4.Conn reads and writes through. zmq4
// allocates whatever length a frame header claims, so that one forged header
// ends the process, and it hands commands to the reader as if they were
// messages. The guard reads each header first, lets only what is within the
// limits through, and keeps the commands that follow READY to itself.
//
// Writes are buffered: zmq4 writes header and body of each frame apart. During
// the handshake the buffer is flushed before each read, afterwards by the
// writer.
type guard struct {
	net.Conn
	in    *bufio.Reader
	out   *bufio.Writer
	allow allowance

	// onCommand takes the commands after READY, in the reader's goroutine.
	// It is nil until the handshake is done.
	onCommand func(name string, data []byte) error

	greeted int    // bytes of the greeting that were passed on
	ready   bool   // READY was passed on
	pending []byte // checked bytes that zmq4 has yet to read
	body    uint64 // unread bytes of the current frame's body

	header frameHeader // of the current frame
	frames int         // of the current message
	size   uint64      // of the current message so far, in bytes
	claim  claim       // of the budget, for it
}

const (
	greetingBytes       = 64
	signatureHead  byte = 0xFF
	signatureTail  byte = 0x7F
	signatureBytes      = 10
)

func newGuard(conn net.Conn, allow allowance) *guard {
	return &guard{
		Conn:  conn,
		in:    bufio.NewReaderSize(conn, bufferBytes),
		out:   bufio.NewWriterSize(conn, bufferBytes),
		allow: allow,
	}
}

func (g *guard) Write(p []byte) (int, error) { return g.out.Write(p) }

// Read serves zmq4, which always asks for exactly the bytes of a greeting, of a
// part of a header, or of a body.
func (g *guard) Read(p []byte) (int, error) {
	if !g.ready {
		if err := g.out.Flush(); err != nil {
			return 0, err
		}
	}
	if g.greeted < greetingBytes {
		return g.readGreeting(p)
	}
	for len(g.pending) == 0 && g.body == 0 {
		if err := g.next(); err != nil {
			return 0, err
		}
	}
	if len(g.pending) > 0 {
		n := copy(p, g.pending)
		g.pending = g.pending[n:]
		return n, nil
	}
	n, err := g.in.Read(p[:min(uint64(len(p)), g.body)])
	g.body -= uint64(n)
	return n, err
}

// readGreeting passes the greeting on. Its signature is checked as it comes,
// so that a peer that speaks another protocol is refused at once and not only
// when the time for 64 bytes has run out.
func (g *guard) readGreeting(p []byte) (int, error) {
	n, err := g.in.Read(p[:min(len(p), greetingBytes-g.greeted)])
	for i, b := range p[:n] {
		at := g.greeted + i
		if at == 0 && b != signatureHead || at == signatureBytes-1 && b != signatureTail {
			return 0, errors.New("zmtp: the peer does not speak ZMTP")
		}
	}
	g.greeted += n
	return n, err
}

// next reads the header of the next frame. It leaves what zmq4 may read in
// pending and body, or nothing when it has dealt with the frame itself.
func (g *guard) next() error {
	if g.frames == 0 {
		g.allow.unread.give(&g.claim) // the message before has been taken
	}
	h, err := readHeader(g.in)
	if err != nil {
		return err
	}
	g.header = h
	switch {
	case h.command:
		return g.nextCommand()
	case !g.ready:
		return errors.New("zmtp: a message before READY")
	}
	g.frames++
	if g.frames > maxFrames {
		return fmt.Errorf("zmtp: a message of more than %d frames", maxFrames)
	}
	// The sum cannot overflow: size never exceeds the allowance.
	if h.size > g.allow.message || g.size+h.size > g.allow.message {
		return fmt.Errorf("zmtp: a message of more than %d bytes", g.allow.message)
	}
	g.size += h.size
	if g.size > freeBytes {
		g.allow.unread.take(&g.claim, g.size)
	}
	if !h.more {
		g.frames, g.size = 0, 0
	}
	g.pending, g.body = g.header.raw[:h.rawSize], h.size
	return nil
}

// nextCommand reads a whole command: READY is checked and passed on, what
// comes later goes to onCommand.
func (g *guard) nextCommand() error {
	head := g.header.rawSize
	frame := make([]byte, head+int(g.header.size))
	copy(frame, g.header.raw[:head])
	if _, err := io.ReadFull(g.in, frame[head:]); err != nil {
		return err
	}
	name, data, err := parseCommand(frame[head:])
	switch {
	case err != nil:
		return err
	case g.ready:
		return g.onCommand(name, data)
	case name != zmq4.CmdReady:
		return fmt.Errorf("zmtp: command %.20q before READY", name)
	}
	if err := checkMetadata(data); err != nil {
		return err
	}
	g.ready, g.pending = true, frame
	return nil
}
