// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"context"
	"testing"
	"time"
)

// TestW6PeerByIdentity: a peer is found by the identity that it announced; one
// that is yet to connect is waited for, and one that has left is not found.
func TestW6PeerByIdentity(t *testing.T) {
	r := echoRouter(t, anyPort)
	anonymous := dial(t, r.Addr(), Dealer)
	defer anonymous.Close()
	if err := anonymous.Send(t.Context(), frames("hi")); err != nil {
		t.Fatal(err)
	}
	if _, err := anonymous.Recv(testContext(t)); err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if p := r.Peer(over, []byte{0, 0, 0, 0, 1}); p != nil {
		t.Error("a peer was found by an identity that was made up for it")
	}

	found := make(chan *Peer)
	go func() { found <- r.Peer(testContext(t), []byte("late")) }()
	first := dial(t, r.Addr(), Dealer, WithIdentity([]byte("late")))
	old := <-found
	if old == nil {
		t.Fatal("the peer that connected later was not found")
	}
	second := dial(t, r.Addr(), Dealer, WithIdentity([]byte("late")))
	defer second.Close()
	if err := second.Send(t.Context(), frames("hi")); err != nil { // it has joined when it is answered
		t.Fatal(err)
	}
	if _, err := second.Recv(testContext(t)); err != nil {
		t.Fatal(err)
	}
	if p := r.Peer(testContext(t), []byte("late")); p == nil || p == old {
		t.Error("of two peers with one identity the youngest is to be found")
	}
	first.Close()
	<-old.Gone()

	go func() { found <- r.Peer(testContext(t), []byte("never")) }()
	closeSocket(t, r)
	if <-found != nil {
		t.Error("a peer was found at the end")
	}
}
