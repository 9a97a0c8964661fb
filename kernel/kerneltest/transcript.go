// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kerneltest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// errClosed tells that all connections have ended.
var errClosed = errors.New("all connections have ended")

// transcript is all that a client has received.
type transcript struct {
	mu        sync.Mutex
	changed   chan struct{} // closed and replaced at every change
	open      int           // connections
	err       error         // why nothing more will come
	channels  map[Channel][]*wire.Message
	exchanges map[string]*Exchange // by the msg_id of the parent
}

func newTranscript(connections int) *transcript {
	return &transcript{
		open:      connections,
		changed:   make(chan struct{}),
		channels:  make(map[Channel][]*wire.Message),
		exchanges: make(map[string]*Exchange),
	}
}

func (t *transcript) add(channel Channel, m *wire.Message) {
	var parent wire.Header
	_ = json.Unmarshal(m.ParentHeader, &parent) // no parent: no msg_id
	t.mu.Lock()
	defer t.mu.Unlock()
	defer t.notify()
	t.channels[channel] = append(t.channels[channel], m)
	x := t.exchanges[parent.MsgID]
	if x == nil {
		x = &Exchange{}
		t.exchanges[parent.MsgID] = x
	}
	switch channel {
	case IOPub:
		x.IOPub = append(x.IOPub, m)
	case Stdin:
		x.Stdin = append(x.Stdin, m)
	case Shell, Control:
		x.Reply, x.Channel = m, channel
		x.Replies++
	}
}

// fail ends all waiting: a kernel sent what a client cannot read.
func (t *transcript) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.err = err
	t.notify()
}

// ended notes the end of one connection. Messages may still come by others.
func (t *transcript) ended() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.open--; t.open == 0 && t.err == nil {
		t.err = errClosed
	}
	t.notify()
}

func (t *transcript) notify() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// wait returns the exchange of a parent as soon as done holds for it.
func (t *transcript) wait(ctx context.Context, parent string, done func(Exchange) bool) (Exchange, error) {
	for {
		x, changed, ended := t.state(parent)
		if done(x) {
			return x, nil
		}
		if ended != nil {
			return x, ended
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return x, ctx.Err()
		}
	}
}

func (t *transcript) state(parent string) (Exchange, <-chan struct{}, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var x Exchange
	if known := t.exchanges[parent]; known != nil {
		x = *known
		x.IOPub, x.Stdin = slices.Clone(known.IOPub), slices.Clone(known.Stdin)
	}
	return x, t.changed, t.err
}

func (t *transcript) of(channel Channel) []*wire.Message {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.channels[channel])
}
