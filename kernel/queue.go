// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// maxQueued bounds what waits for the executor, in bytes: what waits is paid
// for by the kernel's memory, however many requests it is.
const maxQueued = 64 << 20

// settle is how long nothing must arrive until what a client sent in one go
// counts as here; maxSettle ends the wait for a client that never stops.
const (
	settle    = 2 * time.Millisecond
	maxSettle = 50 * time.Millisecond
)

// queue holds the requests that wait for the executor, in their order.
type queue struct {
	mu      sync.Mutex
	waiting []*request
	bytes   int
	closed  bool
	arrived chan struct{} // holds one token after a push
	yield   func()        // ends what code does not wait for; nil while nothing does
}

func newQueue() *queue {
	return &queue{arrived: make(chan struct{}, 1)}
}

// push takes a request, or says as a *CellError why it does not.
func (q *queue) push(r *request) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return &CellError{EName: keyboardInterrupt, EValue: "the kernel is shutting down"}
	}
	if q.bytes+r.size > maxQueued {
		return &CellError{EName: "QueueFull", EValue: fmt.Sprintf("more than %d MiB of requests are waiting", maxQueued>>20)}
	}
	q.waiting = append(q.waiting, r)
	q.bytes += r.size
	if q.yield != nil && isCode(r) {
		q.yield()
	}
	select {
	case q.arrived <- struct{}{}:
	default:
	}
	return nil
}

// pop waits for the next request. It returns nil once ctx is done.
func (q *queue) pop(ctx context.Context) *request {
	for {
		if ctx.Err() != nil {
			return nil
		}
		if r := q.next(); r != nil {
			return r
		}
		select {
		case <-q.arrived:
		case <-ctx.Done():
		}
	}
}

func (q *queue) next() *request {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		return nil
	}
	r := q.waiting[0]
	q.waiting[0] = nil
	q.waiting = q.waiting[1:]
	q.bytes -= r.size
	return r
}

// abort marks everything that waits. Requests that a client sent in one go
// with the one that failed may still be on their way from its socket: they
// count as waiting when they come within the settling time.
func (q *queue) abort() {
	limit := time.After(maxSettle)
	for quiet := false; !quiet; {
		select {
		case <-q.arrived:
		case <-time.After(settle):
			quiet = true
		case <-limit:
			quiet = true
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range q.waiting {
		r.aborted = true
	}
}

// close lets no further request in and returns those that wait.
func (q *queue) close() []*request {
	q.mu.Lock()
	defer q.mu.Unlock()
	rest := q.waiting
	q.closed, q.waiting, q.bytes = true, nil, 0
	return rest
}
