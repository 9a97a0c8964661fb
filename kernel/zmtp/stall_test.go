// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"context"
	"encoding/binary"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// subscriber is a SUB that has subscribed to everything.
func subscriber(t *testing.T, p *Publisher, l *pipeListener) *rawPeer {
	peer := l.dial(t)
	peer.handshake("SUB")
	peer.write(frame(0, []byte{messageSubscribe}))
	synctest.Wait()
	return peer
}

// count reads messages of a number and a filler until the end marker and
// returns how many came in the right order.
func (r *rawPeer) count() int {
	for n := 0; ; n++ {
		flags, body := r.readFrame()
		if flags&flagMore == 0 {
			return n
		}
		if got := binary.BigEndian.Uint32(body); got != uint32(n) {
			r.t.Errorf("message %d came where %d was due", got, n)
			return n
		}
		r.readFrame()
	}
}

// TestS2Row07StalledSubscriber: a subscriber that never reads costs the publisher
// one wait of bounded length and bounded memory. It is closed with a warning;
// the other one gets every message, in order.
func TestS2Row07StalledSubscriber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logged lockedBuffer
		p := newPublisher(nil, []Option{WithLogger(logged.logger())})
		l := startPipe(p.endpoint)
		healthy := subscriber(t, p, l)
		stalled := subscriber(t, p, l)
		counted := make(chan int)
		go func() { counted <- healthy.count() }()

		filler := make([]byte, 64<<10)
		const messages = 8000 // 500 MiB
		start := time.Now()
		for i := range uint32(messages) {
			if err := p.Publish(t.Context(), [][]byte{binary.BigEndian.AppendUint32(nil, i), filler}); err != nil {
				t.Fatal(err)
			}
			for _, bytes := range p.queued() {
				if bytes > maxQueuedBytes {
					t.Fatalf("%d bytes wait for one peer", bytes)
				}
			}
		}
		if err := p.Publish(t.Context(), frames("idle")); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != fullTime {
			t.Errorf("publishing waited %s for the stalled subscriber", took)
		}
		if got := <-counted; got != messages {
			t.Errorf("the healthy subscriber got %d messages", got)
		}
		stalled.expectClosed()
		healthy.conn.Close()
		closeSocket(t, p)
		if log := logged.String(); !containsAll(log, "WARN", "queue is full") {
			t.Errorf("log: %s", log)
		}
	})
}

// queued returns the bytes that wait for each subscriber.
func (p *Publisher) queued() (sizes []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for peer := range p.topics {
		peer.queue.mu.Lock()
		sizes = append(sizes, peer.queue.bytes)
		peer.queue.mu.Unlock()
	}
	return sizes
}

// TestTrap03StalledByCount: small messages are bounded too, by their number.
func TestTrap03StalledByCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPublisher(nil, nil)
		l := startPipe(p.endpoint)
		stalled := subscriber(t, p, l)
		start := time.Now()
		for range maxQueued + bufferBytes {
			if err := p.Publish(t.Context(), frames("x")); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != fullTime {
			t.Errorf("publishing waited %s", took)
		}
		stalled.expectClosed()
		closeSocket(t, p)
	})
}

// TestTrap03SlowSubscriberMissesNothing: one that falls behind, but reads again
// within the time, holds the publisher back and stays.
func TestTrap03SlowSubscriberMissesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPublisher(nil, nil)
		l := startPipe(p.endpoint)
		slow := subscriber(t, p, l)
		counted := make(chan int)
		go func() {
			time.Sleep(fullTime - time.Millisecond)
			counted <- slow.count()
		}()
		filler := make([]byte, 1<<20)
		for i := range uint32(200) {
			if err := p.Publish(t.Context(), [][]byte{binary.BigEndian.AppendUint32(nil, i), filler}); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Publish(t.Context(), frames("idle")); err != nil {
			t.Fatal(err)
		}
		if got := <-counted; got != 200 {
			t.Errorf("%d of 200 messages arrived", got)
		}
		slow.conn.Close()
		closeSocket(t, p)
	})
}

// TestPublishContext: a message whose context ends while another one is being
// waited for reaches nobody; one that has begun reaches everybody.
func TestPublishContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPublisher(nil, nil)
		l := startPipe(p.endpoint)
		stalled := subscriber(t, p, l)
		for range 3 { // one is being written, two fill the queue's room
			if err := p.Publish(t.Context(), [][]byte{make([]byte, maxQueuedBytes/2-frameOverhead)}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		ctx, cancel := context.WithCancel(t.Context())
		begun := make(chan error)
		go func() { begun <- p.Publish(ctx, frames("begun")) }()
		synctest.Wait()
		go cancel()
		if err := p.Publish(ctx, frames("late")); !errors.Is(err, context.Canceled) {
			t.Errorf("waiting Publish: %v", err)
		}
		for range 3 {
			stalled.readFrame()
		}
		if _, got := stalled.readFrame(); string(got) != "begun" {
			t.Errorf("got %q", got)
		}
		if err := <-begun; err != nil {
			t.Errorf("begun Publish: %v", err)
		}
		stalled.conn.Close()
		closeSocket(t, p)
	})
}
