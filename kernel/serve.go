// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

const (
	// subscribeTime is how long the first request waits for a subscriber of
	// iopub: clients send before their subscription is in, and hang for good
	// when they miss the idle.
	subscribeTime = time.Second
	// endTime bounds the whole end, so that the process is gone within 2 s; Jupyter
	// sends SIGTERM after 2.5 s. It is the sum of what bounds its parts: stopTime
	// the orderly end of cell and backend, cellTime that of the cell alone,
	// answerTime requests that are being answered, lingerTime the sockets.
	endTime    = stopTime + answerTime + lingerTime
	stopTime   = 1600 * time.Millisecond
	cellTime   = shutdownPatience + 200*time.Millisecond
	answerTime = 100 * time.Millisecond
	lingerTime = 200 * time.Millisecond
)

// server is one Serve.
type server struct {
	*Kernel
	backend  Backend
	info     Info
	executor *executor
	history  *history
	stdin    *stdin

	asked   sync.Once
	request chan struct{} // closed at the first request
	started chan struct{} // closed when requests may be answered
	stop    context.CancelCauseFunc
	restart atomic.Bool
	drops   atomic.Int64   // messages that were not accepted
	ending  chan struct{}  // closed when no further request is accepted
	serving sync.WaitGroup // who accepts requests, and answers them beside the executor
	running sync.WaitGroup // all others
}

// Serve answers requests until a shutdown_request comes, ctx ends or the
// parent process has gone. Then it ends the running cell, closes backend and
// the ports, in 1.9 seconds at most. The error is that of backend.Close. Serve
// is called once.
func (k *Kernel) Serve(ctx context.Context, backend Backend) error {
	life, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	defer context.AfterFunc(ctx, func() { stop(ErrShutdown) })()

	s := &server{
		Kernel: k, backend: backend, info: backend.Info(), history: &history{}, stop: stop,
		stdin:   &stdin{session: k.session, router: k.sockets.stdin, log: k.log},
		request: make(chan struct{}), started: make(chan struct{}), ending: make(chan struct{}),
	}
	s.stdin.dropped = s.dropped
	s.executor = newExecutor(s)
	s.running.Go(func() { s.start(life) })
	s.serving.Go(func() { s.receive(life, k.sockets.shell.Messages(), false) })
	s.serving.Go(func() { s.receive(life, k.sockets.control.Messages(), true) })
	s.running.Go(s.stdin.receive)
	if k.parentPID != 0 {
		s.running.Go(func() { watchParent(life, parentGone(k.parentPID), func() { stop(ErrShutdown) }) })
	}
	executed := make(chan struct{})
	go func() {
		defer close(executed)
		s.executor.run(life)
	}()

	<-life.Done()
	k.log.Info("shutting down", "restart", s.restart.Load())
	return s.end(context.WithoutCancel(ctx), executed)
}

// end ends what Serve has begun, in endTime at most, whatever hangs.
func (s *server) end(ctx context.Context, executed <-chan struct{}) error {
	err := s.closeBackend(ctx, executed)
	close(s.ending)
	answering, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if !ended(answering, &s.serving) { // what was accepted has its answer first
		s.log.Warn("a request was still being answered at the end")
	}
	s.closeSockets(ctx)
	return err
}

// closeBackend waits for the current cell to end, and then gives the backend
// its time. Neither can hold up what follows.
func (s *server) closeBackend(ctx context.Context, executed <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, stopTime)
	defer cancel()
	select {
	case <-executed:
	case <-time.After(cellTime):
		s.log.Warn("the current request did not end in time")
	}
	closed := make(chan error, 1)
	go func() { closed <- s.backend.Close(ctx, s.restart.Load()) }()
	select {
	case err := <-closed:
		if err != nil {
			return fmt.Errorf("close backend: %w", err)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("close backend: %w", ctx.Err())
	}
}

// closeSockets sends what is queued, closes the ports and waits for the
// goroutines that serve them.
func (s *server) closeSockets(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lingerTime)
	defer cancel()
	s.sockets.close(ctx)
	ended(ctx, &s.running)
}

// ended waits for goroutines to end, and reports whether they did before ctx.
func ended(ctx context.Context, running *sync.WaitGroup) bool {
	all := make(chan struct{})
	go func() {
		running.Wait()
		close(all)
	}()
	select {
	case <-all:
		return true
	case <-ctx.Done():
		return false
	}
}

// start publishes the status starting, once there is somebody to see it or a
// request has waited long enough for that.
func (s *server) start(life context.Context) {
	defer close(s.started)
	subscribed := s.sockets.iopub.Subscribed()
	select {
	case <-subscribed:
	case <-s.request:
		patience := time.NewTimer(subscribeTime)
		defer patience.Stop()
		select {
		case <-subscribed:
		case <-patience.C:
		case <-life.Done():
		}
	case <-life.Done():
		return
	}
	s.iopub.status(nil, wire.Starting)
}

// awaitStart holds the first requests back until start is through.
func (s *server) awaitStart() {
	s.asked.Do(func() { close(s.request) })
	<-s.started
}
