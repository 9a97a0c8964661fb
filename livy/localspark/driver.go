// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// errDriverEnded tells that the driver process is gone.
var errDriverEnded = errors.New("the driver process has ended")

// driver is a running driver process. It implements server.Driver.
type driver struct {
	process *process
	scratch string
	log     *slog.Logger
	done    chan struct{} // closed when nothing of the driver is left
	ready   chan answer

	writing sync.Mutex // one line at a time

	mu       sync.Mutex
	app      server.App
	running  *run
	waiting  map[int]chan []string // completions by their number
	lastWait int
}

// run is the statement that the driver has in hand.
type run struct {
	id       int
	progress func(float64)
	output   chan output
}

func newDriver(p *process, scratch string, log *slog.Logger) *driver {
	d := &driver{
		process: p, scratch: scratch, log: log,
		done: make(chan struct{}), ready: make(chan answer, 1), waiting: make(map[int]chan []string),
	}
	go d.live()
	return d
}

// live takes the driver's answers until it has ended, and cleans up.
func (d *driver) live() {
	defer close(d.done)
	if err := readAnswers(d.process.answers, d.take); err != nil {
		d.log.Warn("driver does not keep to its protocol", "err", err)
		d.process.kill()
	}
	_ = d.process.requests.Close() // Close may have done so.
	<-d.process.exited
	_ = d.process.answers.Close()
	if err := os.RemoveAll(d.scratch); err != nil {
		d.log.Debug("scratch folder stays", "err", err)
	}
}

func (d *driver) take(a answer) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch a.Type {
	case "ready":
		d.ready <- a
	case "progress":
		if d.running != nil && d.running.id == a.ID {
			d.running.progress(a.Progress)
		}
	case "output":
		if d.running != nil && d.running.id == a.ID {
			d.running.output <- a.Output
			d.running = nil
		}
	case "candidates":
		if c := d.waiting[a.ID]; c != nil {
			c <- a.Candidates
			delete(d.waiting, a.ID)
		}
	}
}

func (d *driver) send(v any) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	if err := writeLine(d.process.requests, v); err != nil {
		return fmt.Errorf("%w: %w", errDriverEnded, err)
	}
	return nil
}

// begin hands the driver its settings and waits until it takes statements.
func (d *driver) begin(ctx context.Context, s settings) error {
	if err := d.send(s); err != nil {
		return err
	}
	select {
	case a := <-d.ready:
		d.app = server.App{ID: a.AppID, UIURL: a.UIURL}
		return nil
	case <-d.done:
		return fmt.Errorf("Spark did not start (%w); the session's log says why", d.process.end()) //nolint:staticcheck // a name
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// end is how the process ended, once it has.
func (p *process) end() error {
	if p.err == nil {
		return errDriverEnded
	}
	return fmt.Errorf("%w: %w", errDriverEnded, p.err)
}

// Run implements server.Driver.
func (d *driver) Run(ctx context.Context, stmt server.Statement, progress func(float64)) (server.Output, error) {
	r := &run{id: stmt.ID, progress: progress, output: make(chan output, 1)}
	d.mu.Lock()
	d.running = r
	d.mu.Unlock()
	if err := d.send(request{Type: "run", ID: stmt.ID, Kind: string(stmt.Kind), Code: stmt.Code}); err != nil {
		return server.Output{}, err
	}
	stop := ctx.Done()
	for {
		select {
		case o := <-r.output:
			return o.server(), nil
		case <-d.done:
			return server.Output{}, d.process.end()
		case <-stop:
			stop = nil
			if err := d.send(request{Type: "cancel", ID: stmt.ID}); err != nil {
				return server.Output{}, err
			}
		}
	}
}

// Complete implements server.Driver.
func (d *driver) Complete(ctx context.Context, kind livy.Kind, code string, cursor int) ([]string, error) {
	found := make(chan []string, 1)
	d.mu.Lock()
	d.lastWait++
	id := d.lastWait
	d.waiting[id] = found
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.waiting, id)
	}()
	if err := d.send(request{Type: "complete", ID: id, Kind: string(kind), Code: code, Cursor: cursor}); err != nil {
		return nil, err
	}
	select {
	case names := <-found:
		return names, nil
	case <-d.done:
		return nil, d.process.end()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// App implements server.Driver.
func (d *driver) App() server.App { return d.app }

// Done implements server.Driver.
func (d *driver) Done() <-chan struct{} { return d.done }

// Close implements server.Driver. The driver ends itself when its requests
// end; one that has not by the end of ctx is killed.
func (d *driver) Close(ctx context.Context) error {
	if err := d.process.requests.Close(); err != nil && !errors.Is(err, os.ErrClosed) && !errors.Is(err, io.ErrClosedPipe) {
		d.log.Debug("close the driver's requests", "err", err)
	}
	select {
	case <-d.done:
	case <-ctx.Done():
		d.kill()
	}
	return nil
}

// kill ends the driver at once and waits for it.
func (d *driver) kill() {
	d.process.kill()
	<-d.done
}
