// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestRow08NonReadingDealer: replies to a client that never reads hold nobody
// up, and the client is given up when a write has taken too long.
func TestRow08NonReadingDealer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRouter(nil)
		l := startPipe(r.endpoint)
		stalled, healthy := l.dial(t), l.dial(t)
		stalled.handshake("DEALER")
		healthy.handshake("DEALER")

		start := time.Now()
		stalled.write(frame(0, []byte("ask")))
		var gone *Peer
		m := <-r.Messages()
		gone = m.Peer
		if err := gone.Send(m.Frames); err != nil {
			t.Fatal(err)
		}
		for range 100 {
			healthy.write(frame(0, []byte("ask")))
			m := <-r.Messages()
			if err := m.Peer.Send(m.Frames); err != nil {
				t.Fatal(err)
			}
			healthy.readFrame()
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("the healthy client waited %s", took)
		}
		stalled.expectClosedUnread(gone)
		if took := time.Since(start); took != writeLimit(bufferBytes) {
			t.Errorf("the stalled client was given up after %s", took)
		}
		if err := gone.Send(frames("late")); !errors.Is(err, ErrPeerGone) {
			t.Errorf("Send to a peer that is gone: %v", err)
		}
		healthy.conn.Close()
		closeSocket(t, r)
	})
}

// expectClosedUnread waits for the end of a peer that reads nothing.
func (r *rawPeer) expectClosedUnread(p *Peer) {
	<-p.failed
	r.expectClosed()
}

// TestTrap04RepliesAreBounded: Send never blocks, and what is queued for a
// client that does not read stays within the bound.
func TestTrap04RepliesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRouter(nil)
		l := startPipe(r.endpoint)
		stalled := l.dial(t)
		stalled.handshake("DEALER")
		stalled.write(frame(0, []byte("ask")))
		m := <-r.Messages()
		reply := [][]byte{make([]byte, 1<<20)}
		sent := 0
		for err := error(nil); err == nil; sent++ {
			err = m.Peer.Send(reply)
		}
		if sent > maxQueuedBytes>>20+2 {
			t.Errorf("%d MiB were taken in for a peer that reads nothing", sent)
		}
		stalled.expectClosed()
		closeSocket(t, r)
	})
}

// TestTrap09Send: a message without frames is refused and harms nothing.
func TestTrap09Send(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRouter(nil)
		l := startPipe(r.endpoint)
		peer := l.dial(t)
		peer.handshake("DEALER")
		peer.write(frame(0, []byte("ask")))
		m := <-r.Messages()
		if err := m.Peer.Send(nil); !errors.Is(err, ErrNoFrames) {
			t.Errorf("Send of no frames: %v", err)
		}
		if err := m.Peer.Send(frames("answer")); err != nil {
			t.Errorf("Send after it: %v", err)
		}
		if _, got := peer.readFrame(); string(got) != "answer" {
			t.Errorf("got %q", got)
		}
		peer.conn.Close()
		closeSocket(t, r)
	})
}
