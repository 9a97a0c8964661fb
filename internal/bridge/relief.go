// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"errors"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

const (
	// largeOutput is from how many bytes on an output's memory is given back.
	largeOutput = 4 << 20
	// reliefDelay is how long the front-end gets to take what was sent.
	reliefDelay = 2 * time.Second
)

// relief gives the memory that a large output took back to the system, a
// little after it. Go by itself does so when more is allocated, or after
// minutes: a kernel whose user reads would keep hundreds of megabytes.
type relief struct {
	free  func()
	timer *time.Timer
}

// after begins the wait where a statement's output was large; size is that of
// what was told of it while it ran, in bytes.
func (r *relief) after(stmt livy.Statement, size int, err error) {
	if stmt.Output != nil {
		for _, data := range stmt.Output.Data {
			size += len(data)
		}
	}
	if size < largeOutput && !errors.Is(err, livy.ErrTooLarge) {
		return
	}
	if r.timer == nil {
		r.timer = time.AfterFunc(reliefDelay, r.free)
		return
	}
	r.timer.Reset(reliefDelay)
}

// end gives up waiting.
func (r *relief) end() {
	if r.timer != nil {
		r.timer.Stop()
	}
}
