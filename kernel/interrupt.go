// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"sync"
)

// interruptible is the way from whoever interrupts to the running cell.
type interruptible struct {
	mu     sync.Mutex
	cancel context.CancelCauseFunc // nil while no cell runs
}

// begin returns the context of a cell. It comes before the status busy of the
// cell, so that whoever has seen that can interrupt. end must be called when
// the cell has ended; interrupts after it meet nothing.
func (i *interruptible) begin(ctx context.Context) (cell context.Context, end func()) {
	cell, cancel := context.WithCancelCause(ctx)
	i.mu.Lock()
	i.cancel = cancel
	i.mu.Unlock()
	return cell, func() {
		i.mu.Lock()
		i.cancel = nil
		i.mu.Unlock()
		cancel(nil)
	}
}

func (i *interruptible) interrupt() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.cancel != nil {
		i.cancel(ErrInterrupted)
	}
}
