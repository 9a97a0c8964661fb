// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"slices"
)

// yielding returns a context that ends when code waits in the queue: what is
// served under it, a completion for one, gives way to a cell. done must be
// called when it is served. The executor serves one at a time.
func (q *queue) yielding(ctx context.Context) (yielding context.Context, done func()) {
	yielding, cancel := context.WithCancel(ctx)
	q.mu.Lock()
	defer q.mu.Unlock()
	if slices.ContainsFunc(q.waiting, isCode) {
		cancel()
	}
	q.yield = cancel
	return yielding, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.yield = nil
		cancel()
	}
}

func isCode(r *request) bool { return r.Header.MsgType == "execute_request" }
