// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

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
	started chan answer   // takes its first answer: ready or failed
	app     server.App    // set before anybody else sees the driver
	calls   *calls
}

func newDriver(p *process, scratch string, log *slog.Logger) *driver {
	d := &driver{
		process: p, scratch: scratch, log: log,
		done: make(chan struct{}), started: make(chan answer, 1), calls: newCalls(p.requests),
	}
	go d.live()
	return d
}

// live takes the driver's answers until it has ended, and cleans up.
func (d *driver) live() {
	defer close(d.done)
	err := readAnswers(d.process.answers, func(a answer) {
		switch a.Type {
		case "ready", "failed":
			d.started <- a
		default:
			d.calls.take(a)
		}
	})
	select {
	case <-d.process.exited: // and has closed the file under the reader's hands
	default:
		if err != nil {
			d.log.Warn("driver does not keep to its protocol", "err", err)
			d.process.kill()
		}
	}
	<-d.process.exited
	if err := os.RemoveAll(d.scratch); err != nil {
		d.log.Debug("scratch folder stays", "err", err)
	}
}

// begin hands the driver its settings and waits until it takes statements.
func (d *driver) begin(ctx context.Context, s settings) error {
	if err := d.calls.send(s); err != nil {
		return err
	}
	select {
	case a := <-d.started:
		if a.Type == "failed" {
			<-d.done // and with it the end of the log
			return startError(a)
		}
		d.app = server.App{ID: a.AppID, UIURL: a.UIURL}
		return nil
	case <-d.done:
		return d.end()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// end is how the process ended, once it has.
func (d *driver) end() error {
	if d.process.err == nil {
		return errDriverEnded
	}
	return fmt.Errorf("%w: %w", errDriverEnded, d.process.err)
}

// Run implements server.Driver.
func (d *driver) Run(ctx context.Context, stmt server.Statement, report server.Report) (server.Output, error) {
	answers, forget := d.calls.listen("run", stmt.ID)
	defer forget()
	defer d.calls.hear(stmt.ID, report.Printed)()
	if err := d.calls.send(request{Type: "run", ID: stmt.ID, Kind: string(stmt.Kind), Code: stmt.Code}); err != nil {
		return server.Output{}, err
	}
	stop := ctx.Done()
	for {
		select {
		case a := <-answers:
			if a.Type == "output" {
				return a.Output, nil
			}
			report.Progress(a.Progress)
		case <-d.done:
			return server.Output{}, d.end()
		case <-stop:
			stop = nil
			if err := d.calls.send(request{Type: "cancel", ID: stmt.ID}); err != nil {
				return server.Output{}, err
			}
		}
	}
}

// Complete implements server.Driver.
func (d *driver) Complete(ctx context.Context, kind livy.Kind, code string, cursor int) ([]string, error) {
	id := d.calls.number()
	answers, forget := d.calls.listen("complete", id)
	defer forget()
	if err := d.calls.send(request{Type: "complete", ID: id, Kind: string(kind), Code: code, Cursor: cursor}); err != nil {
		return nil, err
	}
	select {
	case a := <-answers:
		return a.Candidates, nil
	case <-d.done:
		return nil, d.end()
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
	_ = d.process.requests.Close() // It may be closed already.
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
