// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"slices"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/display"
	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/livy"
)

// How often the session's log is read while a cell runs, and how much of it:
// all that the server keeps.
const (
	liveSoon  = 10 * time.Second // from then on
	livePause = time.Second
	liveFirst = 250 * time.Millisecond
	liveLines = 250
)

// byLog reports whether what cells print comes in the session's log: where an
// Apache Livy's interpreter is told to write it there.
func (b *Bridge) byLog() bool {
	return b.mends && b.displays && b.profile.Kernel.LiveOutput == config.LiveOutputLog
}

// readLog tells x what its statement prints, from the session's log, until the
// returned function has been called. That reads the log no more when it returns.
func (b *Bridge) readLog(ctx context.Context, s *session, x *execution) (stop func()) {
	if !b.byLog() || s.origin == created && len(s.prepared) == 0 {
		return func() {}
	}
	nonce := s.nonce
	ctx, end := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	b.background.Go(func() {
		defer close(ended)
		select {
		case <-x.accepted:
		case <-ctx.Done():
			return
		}
		printed := display.NewPrinted(nonce, string(x.id))
		for began := time.Now(); ; {
			pause := liveFirst
			if time.Since(began) > liveSoon {
				pause = livePause
			}
			if !sleep(ctx, pause) {
				return
			}
			lines, err := s.client.Log(ctx, s.address, livy.LogTail, liveLines)
			if err != nil {
				b.log.Debug("read the log for what a cell prints", "session", s.livy.ID, "err", err)
			}
			if text := printed.Add(lines); text != "" {
				x.print(text)
			}
		}
	})
	return func() {
		end()
		<-ended
	}
}

// ofCells matches what cells have printed into a session's log.
var ofCells = lazyregexp.New(`^` + noncePrefix + `[A-Z2-7]{26}:`)

// withoutCells returns the lines of a session's log that are its own.
func withoutCells(lines []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), ofCells.Get().MatchString)
}
