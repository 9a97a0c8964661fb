// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

// endless is a backend that does not end: Close tells how long it was given, and
// goes on until it is released.
type endless struct {
	Backend
	given   chan time.Duration
	release chan struct{}
}

func (s *endless) Close(ctx context.Context, _ bool) error {
	end, _ := ctx.Deadline()
	s.given <- time.Until(end)
	<-s.release
	return nil
}

// TestRow13EndIsBounded: where cell, backend, an answer and a goroutine all
// hang, the end takes as long as its parts may, which leaves the process a
// tenth of a second to be gone within 2 s. A hanging cell leaves the backend the
// time to delete its session, or to hand that over.
func TestRow13EndIsBounded(t *testing.T) {
	if endTime > 1900*time.Millisecond {
		t.Errorf("the end may take %v", endTime)
	}
	for name, c := range map[string]struct {
		cell  bool // hangs
		given time.Duration
	}{"in a cell": {true, 900 * time.Millisecond}, "at idle": {false, 1600 * time.Millisecond}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &endless{given: make(chan time.Duration, 1), release: make(chan struct{})}
				s := &server{Kernel: &Kernel{log: slog.New(slog.DiscardHandler)}, backend: b, ending: make(chan struct{})}
				s.serving.Go(func() { <-b.release })
				s.running.Go(func() { <-b.release })
				executed := make(chan struct{})
				if !c.cell {
					close(executed)
				}
				began := time.Now()
				err := s.end(t.Context(), executed)
				if took := time.Since(began); took != endTime || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("after %v: %v", took, err)
				}
				if given := <-b.given; given != c.given {
					t.Errorf("the backend was given %v", given)
				}
				close(b.release)
			})
		})
	}
}
