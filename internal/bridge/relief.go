// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"errors"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

const (
	// reliefDelay is how long no cell has run when memory is given back.
	reliefDelay = 300 * time.Millisecond
	// largeOutput is from how many bytes on an output is large, largeDelay how
	// long the front-end gets to take what was sent of one.
	largeOutput = 4 << 20
	largeDelay  = 2 * time.Second
)

// relief gives memory that cells took back to the system when no cell follows.
// Go by itself does so when more is allocated, or after minutes: a kernel whose
// user reads would keep hundreds of megabytes of a large output.
type relief struct {
	free  func()
	timer *time.Timer
	due   time.Time
}

// after begins the wait; size is how much of a statement's output was told of
// while it ran, in bytes.
func (r *relief) after(stmt livy.Statement, size int, err error) {
	if stmt.Output != nil {
		for _, data := range stmt.Output.Data {
			size += len(data)
		}
	}
	delay := reliefDelay
	if size >= largeOutput || errors.Is(err, livy.ErrTooLarge) {
		delay = largeDelay
	}
	if due := time.Now().Add(delay); due.After(r.due) {
		r.due = due
	}
	if r.timer == nil {
		r.timer = time.AfterFunc(time.Until(r.due), r.free)
		return
	}
	r.timer.Reset(time.Until(r.due))
}

// end gives up waiting.
func (r *relief) end() {
	if r.timer != nil {
		r.timer.Stop()
	}
}

// giveBack gives what is not used to the system. Pools are emptied by the
// second of two collections.
func giveBack() {
	runtime.GC()
	debug.FreeOSMemory()
}
