// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// Engine is a scripted server.Engine. Its statements do what On says for
// their code. Methods may be called while it runs.
type Engine struct {
	mu         sync.Mutex
	script     map[string]Behaviour
	fallback   Behaviour
	starting   func(context.Context, server.Spec) error
	completion func(kind livy.Kind, code string, cursor int) []string
	app        server.App
	drivers    []*driver
	ran        []server.Statement
}

// NewEngine returns an engine whose sessions start at once and whose
// statements all fail with a NameError that quotes their code.
func NewEngine() *Engine {
	return &Engine{
		script: map[string]Behaviour{},
		fallback: func(_ context.Context, call Call) (server.Output, error) {
			return ErrorOutput("NameError", fmt.Sprintf("no behaviour is scripted for %q", call.Code)), nil
		},
		starting:   func(context.Context, server.Spec) error { return nil },
		completion: func(livy.Kind, string, int) []string { return nil },
	}
}

// On makes statements with exactly this code do b.
func (e *Engine) On(code string, b Behaviour) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.script[code] = b
}

// Otherwise makes statements that On does not name do b.
func (e *Engine) Otherwise(b Behaviour) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fallback = b
}

// OnStart makes sessions start when start returns; its error makes them dead.
func (e *Engine) OnStart(start func(context.Context, server.Spec) error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.starting = start
}

// OnComplete makes complete answer completions.
func (e *Engine) OnComplete(complete func(kind livy.Kind, code string, cursor int) []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.completion = complete
}

// SetApp sets the application that drivers started from now on show.
func (e *Engine) SetApp(app server.App) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.app = app
}

// Runs returns how often a statement with this code was begun, over all
// sessions.
func (e *Engine) Runs(code string) int {
	n := 0
	for _, stmt := range e.Ran() {
		if stmt.Code == code {
			n++
		}
	}
	return n
}

// Ran returns the statements that were begun, in order.
func (e *Engine) Ran() []server.Statement {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]server.Statement(nil), e.ran...)
}

// Forget forgets what was begun so far, for tests that run very much.
func (e *Engine) Forget() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ran = nil
}

// Kill makes the driver of session die as if its process had been killed.
func (e *Engine) Kill(session int) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, d := range e.drivers {
		if d.session == session {
			d.die()
			return nil
		}
	}
	return fmt.Errorf("kill driver: session %d has none", session)
}

// Living returns how many drivers have started and not ended.
func (e *Engine) Living() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, d := range e.drivers {
		select {
		case <-d.done:
		default:
			n++
		}
	}
	return n
}

// Start implements server.Engine.
func (e *Engine) Start(ctx context.Context, spec server.Spec, log func(line string)) (server.Driver, error) {
	e.mu.Lock()
	starting, app := e.starting, e.app
	e.mu.Unlock()
	log("INFO The scripted driver starts")
	if err := starting(ctx, spec); err != nil {
		return nil, err
	}
	d := &driver{engine: e, session: spec.ID, app: app, log: log, done: make(chan struct{})}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.drivers = append(e.drivers, d)
	return d, nil
}

// errDied ends a driver.
var errDied = errors.New("the scripted driver died")

// driver implements server.Driver.
type driver struct {
	engine  *Engine
	session int
	app     server.App
	log     func(string)
	once    sync.Once
	done    chan struct{}
}

func (d *driver) die() { d.once.Do(func() { close(d.done) }) }

// Run implements server.Driver.
func (d *driver) Run(ctx context.Context, stmt server.Statement, report server.Report) (server.Output, error) {
	d.engine.mu.Lock()
	behave, ok := d.engine.script[stmt.Code]
	if !ok {
		behave = d.engine.fallback
	}
	d.engine.ran = append(d.engine.ran, stmt)
	d.engine.mu.Unlock()
	output, err := behave(ctx, Call{Statement: stmt, Session: d.session, Progress: report.Progress, Printed: report.Printed, Log: d.log, died: d.done})
	if err != nil {
		d.die()
	}
	return output, err
}

// Complete implements server.Driver.
func (d *driver) Complete(_ context.Context, kind livy.Kind, code string, cursor int) ([]string, error) {
	d.engine.mu.Lock()
	complete := d.engine.completion
	d.engine.mu.Unlock()
	return complete(kind, code, cursor), nil
}

// App implements server.Driver.
func (d *driver) App() server.App { return d.app }

// Done implements server.Driver.
func (d *driver) Done() <-chan struct{} { return d.done }

// Close implements server.Driver.
func (d *driver) Close(context.Context) error {
	d.die()
	return nil
}
