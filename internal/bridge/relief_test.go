// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// TestMemoryIsGivenBack once for cells that follow each other; of a large output
// later, whatever comes after it.
func TestMemoryIsGivenBack(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, _ *counter) {
		freed := make(chan time.Time, 10)
		b.relief.free = func() { freed <- time.Now() }
		engine.On("small", livytest.Text("x"))
		engine.On("large", livytest.Text(strings.Repeat("x", largeOutput)))
		for _, c := range []struct {
			cells string
			after time.Duration
		}{{"small", reliefDelay}, {"small,small,small", reliefDelay}, {"large", largeDelay}, {"small,large", largeDelay}, {"large,small", largeDelay}} {
			var last time.Time
			for code := range strings.SplitSeq(c.cells, ",") {
				_, done := begin(t, b, code)
				if err := <-done; err != nil {
					t.Errorf("%s: error is %v", code, err)
				}
				last = time.Now()
			}
			time.Sleep(time.Minute) // of the bubble
			if n := len(freed); n != 1 {
				t.Fatalf("after %s it was given back %d times", c.cells, n)
			}
			if after := (<-freed).Sub(last); after != c.after {
				t.Errorf("after %s it was given back after %v, want %v", c.cells, after, c.after)
			}
		}
	})
}

// TestMemoryOfATooLargeOutputIsGivenBack: it was read as far as it was allowed.
func TestMemoryOfATooLargeOutputIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var freed atomic.Int32 // the race detector knows no order between a bubble's timers
		r := relief{free: func() { freed.Add(1) }}
		tooLarge := fmt.Errorf("get statement: %w", livy.ErrTooLarge)
		for _, c := range []struct {
			size   int // of what was told while it ran
			err    error
			waited time.Duration
			freed  int32 // so far
		}{
			{0, tooLarge, largeDelay - 1, 0}, {0, tooLarge, largeDelay, 1},
			{largeOutput, nil, largeDelay - 1, 1}, {largeOutput, nil, largeDelay, 2},
			{0, errors.New("another"), reliefDelay, 3},
		} {
			r.after(livy.Statement{}, c.size, c.err)
			time.Sleep(c.waited)
			synctest.Wait()
			if n := freed.Load(); n != c.freed {
				t.Errorf("%d bytes, %v: after %v it was given back %d times, want %d", c.size, c.err, c.waited, n, c.freed)
			}
		}
		r.after(livy.Statement{}, 0, tooLarge)
		r.end()
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := freed.Load(); n != 3 {
			t.Errorf("after the end it was given back: %d times", n)
		}
	})
}
