// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"errors"
	"fmt"

	"github.com/go-zeromq/zmq4"
)

// read hands what the peer sends to h until the connection ends.
func (p *Peer) read(h peerHandler) error {
	p.guard.onCommand = func(name string, data []byte) error { return p.command(h, name, data) }
	for {
		frames, err := p.receive()
		if err != nil {
			return err
		}
		if err := h.message(p, frames); err != nil {
			return err
		}
	}
}

// receive reads one message. It keeps a panic of zmq4 within the connection
// that caused it.
func (p *Peer) receive() (frames [][]byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("zmtp: the connection engine panicked: %v", r)
		}
	}()
	msg, err := p.conn.RecvMsg()
	return msg.Frames, err
}

// command answers PING, which libzmq sends when ZMQ_HEARTBEAT_IVL is set, also
// to a peer that announced ZMTP 3.0. The PONG goes through the writer's queue
// like everything else, once the peer has read what was there.
func (p *Peer) command(h peerHandler, name string, data []byte) error {
	switch name {
	case zmq4.CmdPing:
		context, err := parsePing(data)
		if err != nil {
			return err
		}
		p.queue.await(maxOwed)
		err = p.queue.push(outgoing{command: zmq4.CmdPong, data: context, size: len(context) + frameOverhead})
		if errors.Is(err, errQueueFull) || errors.Is(err, ErrPeerGone) {
			return nil
		}
		return err
	case zmq4.CmdPong:
		return nil
	}
	if h.command == nil {
		return nil
	}
	return h.command(p, name, data)
}
