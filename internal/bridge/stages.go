// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/sparkui"
)

// maxUITries is how often in a row Spark's web UI may fail before a session's
// is left alone: it may be behind a sign-in, or out of reach from here.
const maxUITries = 3

// maxStagePause bounds the pause between two looks, which grows with the time
// that the statement runs.
const maxStagePause = 5 * time.Second

// watchStages keeps what stages of Spark's the statement is at, where the web
// UI of the session's application can be reached from here, until the returned
// function has been called. A short statement costs nothing.
func (b *Bridge) watchStages(ctx context.Context, s *session, x *execution) (stop func()) {
	address, app := askedUI(b.profile, s.livy), s.livy.AppID
	if address == "" || app == "" || b.ui == nil || s.uiTries >= maxUITries {
		return func() {}
	}
	ctx, end := context.WithCancel(context.WithoutCancel(ctx))
	ended, tries := make(chan struct{}), s.uiTries
	b.background.Go(func() {
		defer close(ended)
		for began := time.Now(); tries < maxUITries; {
			if !sleep(ctx, max(b.tick, min(time.Since(began)/16, maxStagePause))) {
				return
			}
			select {
			case <-x.accepted:
			default:
				continue
			}
			stages, err := b.ui.Stages(ctx, address, app, string(x.id))
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				tries++
				b.log.Debug("Spark's web UI", "session", s.livy.ID, "err", err)
			default:
				tries = 0
			}
			x.runs(stages)
		}
	})
	return func() {
		end()
		<-ended
		s.uiTries = tries
	}
}

// runs keeps the stages that run now.
func (x *execution) runs(stages []sparkui.Stage) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.stages = stages
}
