// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// TestPace holds back what Jupyter Server would drop, and nothing else.
func TestPace(t *testing.T) {
	for name, c := range map[string]struct {
		pieces []int
		most   time.Duration // that the last is held back
	}{
		"little":         {[]int{1000, 1_990_000}, 0},
		"one large":      {[]int{9_000_000}, 0},
		"20 MB":          {pieces(20, 1_000_000), 30 * time.Second},
		"many small":     {pieces(50000, 200), 13 * time.Second},
		"large in a row": {[]int{9_000_000, 9_000_000}, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, began := &pace{}, time.Now()
				var at []sending
				for _, n := range c.pieces {
					p.wait(n, nil, nil)
					at = append(at, sending{time.Now(), n})
				}
				if took := time.Since(began); took > c.most {
					t.Errorf("took %v, want at most %v", took, c.most)
				}
				first, total := 0, 0
				for i, s := range at {
					total += s.bytes
					for ; s.at.Sub(at[first].at) >= paceWindow; first++ {
						total -= at[first].bytes
					}
					if total > paceMost && i > first {
						t.Fatalf("%d bytes within %v", total, paceWindow)
					}
				}
			})
		})
	}
}

func pieces(n, size int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = size
	}
	return list
}

// TestPaceEndsWithTheCell holds nothing back once the cell was interrupted or
// has ended: neither the reply nor the idle waits for output.
func TestPaceEndsWithTheCell(t *testing.T) {
	for _, how := range []string{"interrupted", "ended"} {
		t.Run(how, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				messages := 0
				e := newTestExecutor(nil, func([][]byte) error { messages++; return nil })
				e.iopub.pace = &pace{}
				interrupted := make(chan struct{})
				out := &output{
					iopub: e.iopub, request: &request{Message: &wire.Message{RawHeader: []byte("{}")}},
					interrupted: interrupted, ended: make(chan struct{}),
				}
				began, written := time.Now(), make(chan struct{})
				go func() {
					defer close(written)
					out.Stream(wire.Stdout, strings.Repeat("x", 10*maxStream))
				}()
				synctest.Wait()
				before := messages
				if how == "interrupted" {
					close(interrupted)
				} else {
					out.close()
				}
				<-written
				if took := time.Since(began); took != 0 || before > 3 || messages < 10 {
					t.Errorf("%d messages before, %d after %v", before, messages, took)
				}
			})
		})
	}
}
