// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestTrap05LastMessagesArrive: what was queued when Close began reaches the
// peers, also those that go on sending meanwhile: bytes that nobody reads would
// make closing cut the connection.
func TestTrap05LastMessagesArrive(t *testing.T) {
	for range 30 {
		r, err := ListenRouter(t.Context(), anyPort)
		if err != nil {
			t.Fatal(err)
		}
		client := dial(t, r.Addr(), Dealer)
		for range 20 {
			if err := client.Send(t.Context(), [][]byte{make([]byte, 64<<10)}); err != nil {
				t.Fatal(err)
			}
		}
		m := <-r.Messages()
		const last = 500
		for i := range last {
			if err := m.Peer.Send([][]byte{fmt.Append(nil, i), make([]byte, 4<<10)}); err != nil {
				t.Fatal(err)
			}
		}
		closed := make(chan error)
		go func() { closed <- r.Close(context.Background()) }()
		for i := range last {
			got, err := client.Recv(testContext(t))
			if err != nil {
				t.Fatalf("message %d: %v", i, err)
			}
			if string(got[0]) != fmt.Sprint(i) {
				t.Fatalf("message %q came where %d was due", got[0], i)
			}
		}
		if _, err := client.Recv(testContext(t)); !errors.Is(err, ErrPeerGone) {
			t.Errorf("after the last message: %v", err)
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
		client.Close()
	}
}

// TestTrap05PublishedMessagesArrive is the same for a publisher with several
// subscribers.
func TestTrap05PublishedMessagesArrive(t *testing.T) {
	p, err := ListenPublisher(t.Context(), anyPort, func([]byte) [][]byte { return frames("welcome") })
	if err != nil {
		t.Fatal(err)
	}
	const subscribers, last = 4, 20000
	got := make(chan int, subscribers)
	for range subscribers {
		client := dial(t, p.Addr(), Sub)
		defer client.Close()
		if err := client.Subscribe(nil); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Recv(testContext(t)); err != nil { // the welcome
			t.Fatal(err)
		}
		go func() {
			n := 0
			for ; ; n++ {
				if _, err := client.Recv(testContext(t)); err != nil {
					break
				}
			}
			got <- n
		}()
	}
	for range last {
		if err := p.Publish(t.Context(), frames("stream.stdout", "text")); err != nil {
			t.Fatal(err)
		}
	}
	closeSocket(t, p)
	for range subscribers {
		if n := <-got; n != last {
			t.Errorf("%d of %d messages arrived", n, last)
		}
	}
}

// TestCloseGivesUp: a peer that does not take the last messages holds Close up
// for the linger time, or as long as its context lasts.
func TestCloseGivesUp(t *testing.T) {
	for name, limit := range map[string]time.Duration{
		"linger time":     time.Minute,
		"context":         time.Second,
		"context is over": 0,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var logged lockedBuffer
				r := newRouter([]Option{WithLogger(logged.logger())})
				l := startPipe(r.endpoint)
				peer := l.dial(t)
				peer.handshake("DEALER")
				peer.write(frame(0, []byte("ask")))
				if err := (<-r.Messages()).Peer.Send(frames("answer")); err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), limit)
				defer cancel()
				if err := r.Close(ctx); err != nil {
					t.Error(err)
				}
				if took := time.Since(start); took != min(limit, lingerTime) {
					t.Errorf("Close took %s", took)
				}
				if !strings.Contains(logged.String(), "last messages") {
					t.Errorf("log: %s", logged.String())
				}
				peer.expectClosed()
			})
		})
	}
}

// TestCloseTwice: the second Close waits for the first and the channels end.
func TestCloseTwice(t *testing.T) {
	r, err := ListenRouter(t.Context(), anyPort)
	if err != nil {
		t.Fatal(err)
	}
	// A message that nobody takes must not keep the reader.
	client := dial(t, r.Addr(), Dealer)
	defer client.Close()
	if err := client.Send(t.Context(), frames("ask")); err != nil {
		t.Fatal(err)
	}
	both := make(chan error)
	for range 2 {
		go func() { both <- r.Close(context.Background()) }()
	}
	for range 2 {
		if err := <-both; err != nil {
			t.Error(err)
		}
	}
	if _, open := <-r.Messages(); open {
		t.Error("a message came after Close")
	}

	p, err := ListenPublisher(t.Context(), anyPort, nil)
	if err != nil {
		t.Fatal(err)
	}
	closeSocket(t, p)
	if err := p.Publish(t.Context(), frames("late")); !errors.Is(err, ErrClosed) {
		t.Errorf("Publish after Close: %v", err)
	}
}
