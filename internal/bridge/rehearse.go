// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"log/slog"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// rehearseDelay leaves the start to the front-end, which asks much then.
const rehearseDelay = 200 * time.Millisecond

// Rehearse uses the time before the first cell: once the kernel is up, what the
// first request to a server would wait for is loaded. The returned function
// gives up what has not begun.
func Rehearse(ctx context.Context, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-time.After(rehearseDelay):
		case <-ctx.Done():
			return
		}
		if err := livy.Rehearse(ctx); err != nil && ctx.Err() == nil {
			log.Warn("the first cell may take longer: its rehearsal failed", "err", err)
		}
		giveBack()
	}()
	return func() {
		cancel()
		<-done
	}
}
