// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"fmt"
	"io"
	"time"

	"github.com/go-zeromq/zmq4"
)

// write sends what is queued until the connection ends or the queue does. In
// the second case it tells the peer so by closing its half of the connection;
// the peer's closing of the other half, which ends run, then shows that all
// has arrived.
func (p *Peer) write() {
	for {
		m, ok, ended := p.queue.pop()
		switch {
		case ok:
			if err := p.writeOne(m); err != nil {
				p.fail(fmt.Errorf("zmtp: write: %w", err))
				return
			}
		case ended:
			if err := p.finish(); err != nil {
				p.fail(fmt.Errorf("zmtp: write: %w", err))
			}
			return
		default:
			if err := p.flush(); err != nil {
				p.fail(fmt.Errorf("zmtp: write: %w", err))
				return
			}
			select {
			case <-p.queue.wake:
			case <-p.failed:
				return
			}
		}
	}
}

func (p *Peer) writeOne(m outgoing) error {
	if err := p.guard.SetWriteDeadline(time.Now().Add(writeLimit(m.size))); err != nil {
		return err
	}
	if m.command != "" {
		return p.conn.SendCmd(m.command, m.data)
	}
	return p.conn.SendMsg(zmq4.NewMsgFrom(m.frames...))
}

func (p *Peer) flush() error {
	if p.guard.out.Buffered() == 0 {
		return nil
	}
	if err := p.guard.SetWriteDeadline(time.Now().Add(writeLimit(bufferBytes))); err != nil {
		return err
	}
	return p.guard.out.Flush()
}

func (p *Peer) finish() error {
	if err := p.flush(); err != nil {
		return err
	}
	if half, ok := p.guard.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	p.fail(io.EOF) // the connection has no halves
	return nil
}
