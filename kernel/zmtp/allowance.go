// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"fmt"
	"slices"
	"sync"
)

// allowance is what a connection may claim of the process's memory.
type allowance struct {
	message uint64  // bytes of one inbound message
	queued  int     // bytes that wait for the peer to read them
	unread  *budget // of inbound messages that have not come whole, with all connections of the port
}

// ofMessages is the allowance of those who send whole Jupyter messages.
func ofMessages() allowance {
	return allowance{message: maxMessageBytes, queued: maxQueuedBytes, unread: &budget{}}
}

// errUnread is why a peer is closed whose message does not come to its end while
// others want to send.
var errUnread = fmt.Errorf("zmtp: the connections of this port are in the midst of messages of more than %d bytes together, and this one for the longest", maxUnreadBytes)

// budget bounds what strangers can make the process hold: who has sent a
// message shows when it has come whole, and not before. Where it is used up, the
// claim that has been there for the longest goes: an honest message takes no
// time to arrive.
type budget struct {
	mu     sync.Mutex
	used   uint64
	claims []*claim // in the order of their beginning
}

// claim is what the current message of one connection takes.
type claim struct {
	bytes uint64 // guarded by the mutex of the budget
	drop  func() // closes the connection, without waiting for it
}

// take sets the bytes of c.
func (b *budget) take(c *claim, bytes uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c.bytes == 0 {
		b.claims = append(b.claims, c)
	}
	b.used += bytes - c.bytes
	c.bytes = bytes
	for b.used > maxUnreadBytes {
		oldest := b.claims[0]
		b.forget(oldest)
		oldest.drop()
	}
}

// give ends what c takes.
func (b *budget) give(c *claim) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c.bytes > 0 {
		b.forget(c)
	}
}

// forget is give for those who hold b.mu.
func (b *budget) forget(c *claim) {
	b.used -= c.bytes
	c.bytes = 0
	b.claims = slices.DeleteFunc(b.claims, func(other *claim) bool { return other == c })
}
