// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import "time"

// sleepGap is how far the wall clock runs ahead of the running time when the
// machine has slept.
const sleepGap = 10 * time.Second

// wakefulness tells when the machine has slept: its running time stands still
// meanwhile, and the wall clock does not. The executor owns it.
type wakefulness struct {
	wall     func() time.Time // the wall clock; nil for that of the machine
	lastRun  time.Time        // when it was last looked at, in running time
	lastWall time.Time        // and on the wall clock
}

// slept reports whether the machine has slept since it was last asked.
func (w *wakefulness) slept() bool {
	run := time.Now()
	wall := run
	if w.wall != nil {
		wall = w.wall()
	}
	wall = wall.Round(0) // without the running time
	first := w.lastRun.IsZero()
	ahead := wall.Sub(w.lastWall) - run.Sub(w.lastRun)
	w.lastRun, w.lastWall = run, wall
	return !first && ahead > sleepGap
}
