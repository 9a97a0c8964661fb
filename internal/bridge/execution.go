// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"sync"

	"github.com/livy-kernel/livy-kernel/livy"
)

// execution is one statement on its way. The goroutine that drives it outlives
// an interrupted cell until the statement's id is known.
type execution struct {
	accepted chan struct{} // closed when the server has taken the statement, or not
	done     chan struct{} // closed when nothing more will come
	stop     context.CancelFunc

	mu    sync.Mutex
	state livy.StatementState

	// Written before accepted is closed, read after it; empty if the statement
	// was not taken.
	id livy.StatementID

	// Written before done is closed, read after it.
	stmt livy.Statement
	err  error
}

// submit posts a statement and follows it in the background. The end of ctx
// keeps what was not sent from being sent, and ends nothing else; the waiting
// ends by stop.
func (b *Bridge) submit(ctx context.Context, s *session, request livy.StatementRequest) *execution {
	waiting, stop := context.WithCancel(context.WithoutCancel(ctx))
	x := &execution{accepted: make(chan struct{}), done: make(chan struct{}), stop: stop}
	b.countRunning(1)
	b.background.Go(func() {
		defer close(x.done)
		defer b.countRunning(-1)
		defer stop()
		x.stmt, x.err = s.client.Submit(ctx, s.livy.ID, request)
		if x.err != nil {
			close(x.accepted)
			return
		}
		x.id = x.stmt.ID
		close(x.accepted)
		x.observe(x.stmt)
		x.stmt, x.err = s.client.WaitStatement(waiting, s.livy.ID, x.stmt, x.observe)
	})
	return x
}

func (x *execution) observe(stmt livy.Statement) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.state = stmt.State
}

// waits reports whether the statement is behind another one.
func (x *execution) waits() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.state == livy.StatementWaiting
}

// ended reports whether nothing more will come.
func (x *execution) ended() bool {
	select {
	case <-x.done:
		return true
	default:
		return false
	}
}

// countRunning counts the statements that are under way.
func (b *Bridge) countRunning(change int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running += change
}
