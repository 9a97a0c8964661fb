// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"context"
	"errors"
	"sync"
)

// errQueueFull tells that a peer does not read what it is sent.
var errQueueFull = errors.New("zmtp: the peer does not read: its queue is full")

// outgoing is a message or a command on its way to a peer.
type outgoing struct {
	frames  [][]byte // of a message
	command string   // the name of a command; empty for a message
	data    []byte   // of a command
	size    int      // bytes that it counts for
}

// frameOverhead is what a queued frame costs besides its bytes: its slice
// header.
const frameOverhead = 24

func outgoingMessage(frames [][]byte) (outgoing, error) {
	if len(frames) == 0 {
		return outgoing{}, ErrNoFrames
	}
	size := len(frames) * frameOverhead
	for _, f := range frames {
		size += len(f)
	}
	return outgoing{frames: frames, size: size}, nil
}

// queue holds what waits for one peer's writer, bounded by count and bytes.
type queue struct {
	mu    sync.Mutex
	items []outgoing
	bytes int
	ended bool

	// Both have room for one signal, which stands for any number of them.
	wake  chan struct{} // something was added, or the queue ended
	space chan struct{} // something was taken, or the queue ended
}

func newQueue() *queue {
	return &queue{wake: make(chan struct{}, 1), space: make(chan struct{}, 1)}
}

// push adds m. It never blocks: the error is errQueueFull or ErrPeerGone.
func (q *queue) push(m outgoing) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.ended:
		return ErrPeerGone
	case len(q.items) >= maxQueued, len(q.items) > 0 && q.bytes+m.size > maxQueuedBytes:
		return errQueueFull
	}
	q.items = append(q.items, m)
	q.bytes += m.size
	signal(q.wake)
	return nil
}

// pushWithin adds m, and waits until ctx ends for space.
func (q *queue) pushWithin(ctx context.Context, m outgoing) error {
	for {
		err := q.push(m)
		if !errors.Is(err, errQueueFull) {
			return err
		}
		select {
		case <-q.space:
		case <-ctx.Done():
			return err
		}
	}
}

// pop takes the oldest entry. ended tells that there is none and that none
// will come.
func (q *queue) pop() (m outgoing, ok, ended bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return outgoing{}, false, q.ended
	}
	m = q.items[0]
	q.items[0] = outgoing{} // let go of the frames
	q.items = q.items[1:]
	q.bytes -= m.size
	signal(q.space)
	return m, true, false
}

// end lets nothing more in; what is queued can still be taken.
func (q *queue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended = true
	signal(q.wake)
	signal(q.space)
}

// discard lets nothing more in and drops what is queued. It returns how many
// messages that were.
func (q *queue) discard() int {
	q.end()
	q.mu.Lock()
	defer q.mu.Unlock()
	dropped := len(q.items)
	q.items, q.bytes = nil, 0
	return dropped
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
