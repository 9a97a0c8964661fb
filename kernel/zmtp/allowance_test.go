// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"strings"
	"testing"
	"testing/synctest"
)

// TestTrap15UnreadMessagesAreBounded: strangers that begin long messages, and do
// not go on, have a bounded part of the memory. Whoever sends a whole one is
// served, and the one that has been at it for the longest goes.
func TestTrap15UnreadMessagesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logged lockedBuffer
		r := newRouter([]Option{WithLogger(logged.logger())})
		l := startPipe(r.endpoint)
		var strangers []*rawPeer
		for range 4 {
			stranger := l.dial(t)
			stranger.handshake("DEALER")
			stranger.write(header(0, 30<<20))
			synctest.Wait()
			strangers = append(strangers, stranger)
		}
		honest := l.dial(t)
		honest.handshake("DEALER")
		message := make([]byte, 20<<20)
		go honest.write(append(header(0, uint64(len(message))), message...))
		if m := <-r.Messages(); len(m.Frames[0]) != len(message) {
			t.Errorf("%d bytes came", len(m.Frames[0]))
		}
		strangers[0].expectClosed()
		for _, stranger := range strangers[1:] {
			stranger.write([]byte("still there"))
		}
		if log := logged.String(); strings.Count(log, "level=WARN") != 1 || !strings.Contains(log, "in the midst of messages") {
			t.Errorf("log: %s", log)
		}
		for _, p := range append(strangers, honest) {
			p.conn.Close()
		}
		closeSocket(t, r)
		if b := r.endpoint.allow.unread; b.used != 0 || len(b.claims) != 0 {
			t.Errorf("%d bytes in %d claims are left", b.used, len(b.claims))
		}
	})
}

// TestTrap15SmallSockets: who may send little is refused at little.
func TestTrap15SmallSockets(t *testing.T) {
	for name, most := range map[string]uint64{"heartbeat": maxBeatBytes, "publisher": maxSubscriberBytes} {
		for _, port := range ports() {
			if port.name != name {
				continue
			}
			addr := port.listen(t)
			peer := dialRaw(t, addr)
			peer.handshake(port.client)
			peer.write(header(0, most+1))
			peer.expectClosed()
			port.works(t, addr)
		}
	}
}

// TestRow08HeartbeatThatIsNotRead: echoes that nobody takes are not kept.
func TestRow08HeartbeatThatIsNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHeartbeat(nil)
		l := startPipe(h.endpoint)
		stranger := l.dial(t)
		stranger.handshake("REQ")
		beat := frame(0, make([]byte, 256<<10))
		sent, err := 0, error(nil)
		for ; err == nil; sent++ {
			_, err = stranger.conn.Write(beat)
		}
		if most := maxBeatBytes/len(beat) + 3; sent > most {
			t.Errorf("%d beats were taken in, want at most %d", sent, most)
		}
		stranger.expectClosed()
		closeSocket(t, h)
	})
}

// TestTrap06WhatIsOwedIsBounded: a peer that asks for PONGs or for welcomes, and
// reads none, is not read from. When it reads it gets all of them.
func TestTrap06WhatIsOwedIsBounded(t *testing.T) {
	for name, ask := range map[string][]byte{"PING": command("PING", []byte("\x00\x00ctx")), "subscription": frame(0, []byte("\x01topic"))} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				// Larger than the buffers, so that they do not take many.
				p := newPublisher(func(topic []byte) [][]byte { return [][]byte{topic, make([]byte, bufferBytes)} }, nil)
				l := startPipe(p.endpoint)
				stranger := l.dial(t)
				stranger.handshake("SUB")
				const asked = 2*maxOwed + 2*bufferBytes/16
				go func() {
					for range asked {
						stranger.write(ask)
					}
				}()
				synctest.Wait()
				for _, peer := range p.endpoint.peers {
					if n := len(peer.queue.items); n > maxOwed {
						t.Errorf("%d answers are queued", n)
					}
				}
				for range asked {
					stranger.readFrame()
					if name == "subscription" {
						stranger.readFrame()
					}
				}
				stranger.conn.Close()
				closeSocket(t, p)
			})
		})
	}
}
