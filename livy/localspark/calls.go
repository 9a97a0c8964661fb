// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"fmt"
	"io"
	"sync"
)

// calls sends requests to a driver and hands its answers to those who asked.
type calls struct {
	writing  sync.Mutex // one line at a time
	requests io.Writer

	mu     sync.Mutex
	waits  map[call]chan answer
	prints map[int]func(string) // by statement
	latest int
}

// call names a request that is answered: a statement or a completion.
type call struct {
	kind string // the request's type
	id   int
}

func newCalls(requests io.Writer) *calls {
	return &calls{requests: requests, waits: make(map[call]chan answer), prints: make(map[int]func(string))}
}

// send sends one request. An error means that the driver is gone.
func (c *calls) send(v any) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := writeLine(c.requests, v); err != nil {
		return fmt.Errorf("%w: %w", errDriverEnded, err)
	}
	return nil
}

// number returns a new number for a completion.
func (c *calls) number() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.latest++
	return c.latest
}

// listen returns the answers to a request that will be sent, until forget is
// called. Only the newest two are kept: a progress that nobody has read is
// worth nothing once there is a newer one.
func (c *calls) listen(kind string, id int) (answers <-chan answer, forget func()) {
	key, wait := call{kind, id}, make(chan answer, 2)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waits[key] = wait
	return wait, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.waits, key)
	}
}

// hear has printed called with what a statement prints, until forget is called.
// Of that nothing may be lost, and all of it comes before the output.
func (c *calls) hear(id int, printed func(string)) (forget func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.prints[id] = printed
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.prints, id)
	}
}

// take hands a to whoever waits for it and never blocks.
func (c *calls) take(a answer) {
	if a.Type == "printed" {
		c.mu.Lock()
		printed := c.prints[a.ID]
		c.mu.Unlock()
		if printed != nil {
			printed(a.Text)
		}
		return
	}
	kind := "run"
	if a.Type == "candidates" {
		kind = "complete"
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	wait := c.waits[call{kind, a.ID}]
	if wait == nil {
		return
	}
	if len(wait) == cap(wait) {
		select {
		case <-wait:
		default:
		}
	}
	wait <- a
}
