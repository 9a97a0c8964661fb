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

// TestMemoryOfALargeOutputIsGivenBack, once for outputs that follow each other,
// and not for small ones.
func TestMemoryOfALargeOutputIsGivenBack(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, _ *counter) {
		freed := 0
		b.relief.free = func() { freed++ }
		engine.On("small", livytest.Text("x"))
		engine.On("large", livytest.Text(strings.Repeat("x", largeOutput)))
		for _, c := range []struct {
			cells string
			freed int
		}{{"small", 0}, {"large", 1}, {"large,small,large", 2}, {"small", 2}} {
			for code := range strings.SplitSeq(c.cells, ",") {
				_, done := begin(t, b, code)
				if err := <-done; err != nil {
					t.Errorf("%s: error is %v", code, err)
				}
			}
			time.Sleep(time.Minute) // of the bubble
			synctest.Wait()
			if freed != c.freed {
				t.Errorf("after %s it was given back %d times, want %d", c.cells, freed, c.freed)
			}
		}
	})
}

// TestMemoryOfATooLargeOutputIsGivenBack: it was read as far as it was allowed.
func TestMemoryOfATooLargeOutputIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var freed atomic.Int32 // the race detector knows no order between a bubble's timers
		r := relief{free: func() { freed.Add(1) }}
		r.after(livy.Statement{}, 0, fmt.Errorf("get statement: %w", livy.ErrTooLarge))
		time.Sleep(time.Minute)
		r.after(livy.Statement{}, 0, errors.New("another"))
		time.Sleep(time.Minute)
		r.after(livy.Statement{}, largeOutput, nil)
		time.Sleep(time.Minute)
		r.after(livy.Statement{}, 0, livy.ErrTooLarge)
		r.end()
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := freed.Load(); n != 2 {
			t.Errorf("it was given back %d times", n)
		}
	})
}
