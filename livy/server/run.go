// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// run is a session's life: it starts the driver, runs the statements one
// after the other and returns when nothing of the driver is left, because ctx
// ended or because the driver died.
func (s *session) run(ctx context.Context, engine Engine) {
	defer close(s.done)
	defer s.setState(livy.SessionDead)
	defer s.stop()
	driver, err := engine.Start(ctx, Spec{ID: s.id, Request: s.request}, s.lines.add)
	if err != nil {
		s.log.Info("session did not start", "session", s.id, "err", err)
		s.lines.add(fmt.Sprintf("The session did not start: %v", err))
		return
	}
	s.mu.Lock()
	s.driver, s.began, s.used = driver, time.Now(), time.Now()
	s.mu.Unlock()
	s.setState(livy.SessionIdle)

	var watch sync.WaitGroup
	watch.Go(func() {
		select {
		case <-driver.Done():
			s.setState(livy.SessionDead)
		case <-ctx.Done():
		}
		closeCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
		defer cancel()
		if err := driver.Close(closeCtx); err != nil {
			s.log.Warn("driver did not close", "session", s.id, "err", err)
		}
	})
	s.work(ctx, driver)
	s.stop()
	watch.Wait()
}

// work runs statements as they come until ctx ends or the driver dies.
func (s *session) work(ctx context.Context, driver Driver) {
	for {
		st, runCtx := s.next(ctx)
		if st == nil {
			select {
			case <-s.wake:
				continue
			case <-driver.Done():
				return
			case <-ctx.Done():
				return
			}
		}
		output, err := driver.Run(runCtx, st.Statement, s.report(st))
		if err != nil {
			if ctx.Err() == nil {
				s.log.Info("driver died", "session", s.id, "statement", st.ID, "err", err)
				s.lines.add(fmt.Sprintf("The driver died: %v", err))
			}
			s.setState(livy.SessionDead)
			return
		}
		s.finish(st, output)
	}
}

// report returns what takes the news of st.
func (s *session) report(st *statement) Report {
	return Report{
		Progress: func(share float64) {
			s.mu.Lock()
			defer s.mu.Unlock()
			st.setProgress(share)
		},
		Printed: func(text string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			st.printed.add(text)
		},
	}
}

// next takes the first waiting statement, which then runs until the returned
// context ends, or returns nil.
func (s *session) next(ctx context.Context) (*statement, context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.Terminal() || len(s.queue) == 0 {
		return nil, nil
	}
	st := s.queue[0]
	s.queue = s.queue[1:]
	s.state = livy.SessionBusy
	runCtx, cancel := context.WithCancel(ctx)
	st.cancel = cancel
	st.state = livy.StatementRunning
	st.started = time.Now()
	return st, runCtx
}

// finish records what the driver returned for st. The session is idle at the
// same moment, so that a client which asks again at once finds it so.
func (s *session) finish(st *statement, output Output) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st.cancel()
	st.output = &output
	if st.state == livy.StatementRunning {
		st.end(livy.StatementAvailable)
	} else {
		st.end(livy.StatementCancelled)
	}
	if len(s.queue) == 0 && !s.state.Terminal() {
		s.state = livy.SessionIdle
	}
	s.forgetPrinted()
}
