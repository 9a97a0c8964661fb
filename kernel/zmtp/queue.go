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
	most int // bytes

	mu    sync.Mutex
	items []outgoing
	bytes int
	ended bool

	wake  chan struct{} // holds a signal when something was added, or the queue ended
	taken chan struct{} // closed when something is taken, or the queue ends; nil when nobody waits for it
}

func newQueue(most int) *queue {
	return &queue{most: most, wake: make(chan struct{}, 1)}
}

// push adds m. It never blocks: the error is errQueueFull or ErrPeerGone.
func (q *queue) push(m outgoing) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.add(m)
}

// add is push for those who hold q.mu.
func (q *queue) add(m outgoing) error {
	switch {
	case q.ended:
		return ErrPeerGone
	case len(q.items) >= maxQueued, len(q.items) > 0 && q.bytes+m.size > q.most:
		return errQueueFull
	}
	q.items = append(q.items, m)
	q.bytes += m.size
	select {
	case q.wake <- struct{}{}:
	default: // one signal stands for any number of them
	}
	return nil
}

// pushWithin adds m, and waits until ctx ends for space.
func (q *queue) pushWithin(ctx context.Context, m outgoing) error {
	for {
		taken, err := q.pushOrWatch(m)
		if !errors.Is(err, errQueueFull) {
			return err
		}
		select {
		case <-taken:
		case <-ctx.Done():
			return err
		}
	}
}

// pushOrWatch adds m, or returns what is closed when there may be room.
func (q *queue) pushOrWatch(m outgoing) (<-chan struct{}, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.add(m); !errors.Is(err, errQueueFull) {
		return nil, err
	}
	return q.watch(), errQueueFull
}

// await waits until fewer than n messages are queued, or the queue has ended.
func (q *queue) await(n int) {
	for {
		q.mu.Lock()
		if q.ended || len(q.items) < n {
			q.mu.Unlock()
			return
		}
		taken := q.watch()
		q.mu.Unlock()
		<-taken
	}
}

// watch returns what is closed when something is taken. q.mu is held.
func (q *queue) watch() <-chan struct{} {
	if q.taken == nil {
		q.taken = make(chan struct{})
	}
	return q.taken
}

// notify wakes those who watch. q.mu is held.
func (q *queue) notify() {
	if q.taken != nil {
		close(q.taken)
		q.taken = nil
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
	q.notify()
	return m, true, false
}

// end lets nothing more in; what is queued can still be taken.
func (q *queue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended = true
	q.notify()
	select {
	case q.wake <- struct{}{}:
	default:
	}
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
