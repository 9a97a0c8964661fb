// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package recording

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// never is a step that no scenario reaches.
const never = 1 << 30

// playback is an engine whose drivers do what the recorded ones did, at the
// step of the scenario at which the recording shows it.
type playback struct {
	scenario Scenario
	sessions []*playedSession // By the id that the server under test gives.
	takes    time.Duration    // How long each statement takes.

	mu      sync.Mutex
	now     int           // The step that the replay is at; -1 before the first.
	base    int           // How many sessions earlier servers had.
	changed chan struct{} // Closed and renewed when now changes.
	last    *playedDriver
}

// playedSession is what the recording shows of one session.
type playedSession struct {
	ready      int // The step at which the driver has started.
	dies       bool
	statements []*playedStatement // By the id that the server under test gives.
}

type playedStatement struct {
	end    int // The step at which the output is there.
	output server.Output
}

func newPlayback(s Scenario) *playback {
	p := &playback{scenario: s, now: -1, changed: make(chan struct{})}
	byID := map[string]*playedSession{}
	add := func(id string, ready int) *playedSession {
		byID[id] = &playedSession{ready: ready}
		p.sessions = append(p.sessions, byID[id])
		return byID[id]
	}
	ids := map[[2]string]int{} // Recorded ids of session and statement to index.
	for _, b := range s.Sessions {
		session := add(fmt.Sprint(b.ID), -1)
		for i := range b.Statements {
			ids[[2]string{fmt.Sprint(b.ID), fmt.Sprint(i)}] = i
			session.statements = append(session.statements, &playedStatement{end: -1, output: text("0")})
		}
	}
	lastID := ""
	for step, e := range s.Steps {
		for range e.Filled {
			last := byID[lastID]
			ids[[2]string{lastID, fmt.Sprint(len(last.statements))}] = len(last.statements)
			last.statements = append(last.statements, &playedStatement{end: -1, output: text("1")})
		}
		v := parseValue(e.Answer)
		parts := strings.Split(e.Path, "/")
		if e.Method == "POST" && e.Status == 201 && !v.isStatement() {
			lastID = v.field("id").text
			session := add(lastID, never)
			if name := v.field("name").text; v.field("name").kind == "string" {
				byID[url.PathEscape(name)] = session
			}
		}
		if len(parts) < 3 || byID[parts[2]] == nil {
			continue
		}
		session := byID[parts[2]]
		if v.isState() && v.field("state").text != "starting" {
			session.ready = min(session.ready, step)
			session.dies = session.dies || v.field("state").text == "dead" && session.ready == step
		}
		if e.Method == "POST" && v.isStatement() {
			ids[[2]string{parts[2], v.field("id").text}] = len(session.statements)
			session.statements = append(session.statements, &playedStatement{end: never, output: text("")})
		}
		seen := v.field("statements").list
		if v.isStatement() {
			seen = append(seen, v)
		}
		for _, st := range seen {
			if i, ok := ids[[2]string{parts[2], st.field("id").text}]; ok {
				session.see(step, i, st)
				if e.Bytes > 0 && v.isStatement() {
					session.statements[i].output = text(strings.Repeat("x", e.Bytes)) // it is shortened
				}
			}
		}
	}
	return p
}

// see notes what a statement looks like at step. That it has started means
// that those before it have ended.
func (s *playedSession) see(step, i int, st value) {
	if st.field("started").text != "0" {
		for _, earlier := range s.statements[:i] {
			earlier.end = min(earlier.end, step)
		}
	}
	if o := st.field("output"); o.kind == "object" {
		s.statements[i].end = min(s.statements[i].end, step)
		s.statements[i].output = playedOutput(o)
	}
}

func playedOutput(o value) server.Output {
	out := server.Output{
		Status: o.field("status").text, EName: o.field("ename").text, EValue: o.field("evalue").text,
		Data: map[string]json.RawMessage{},
	}
	for _, line := range o.field("traceback").list {
		out.Traceback = append(out.Traceback, line.text)
	}
	for name, v := range o.field("data").fields {
		out.Data[name] = v.raw()
	}
	return out
}

// raw is the JSON of v.
func (v value) raw() json.RawMessage {
	if v.kind != "string" {
		return json.RawMessage(v.text)
	}
	b, err := json.Marshal(v.text)
	if err != nil {
		panic(err) // A string always marshals.
	}
	return b
}

func text(s string) server.Output {
	return server.Output{Status: "ok", Data: map[string]json.RawMessage{"text/plain": value{kind: "string", text: s}.raw()}}
}

// reach says that the replay is at step.
func (p *playback) reach(_ context.Context, step int, _ Exchange) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = step
	close(p.changed)
	p.changed = make(chan struct{})
}

// wait returns when the replay is at step, or with an error when stop or ctx
// ends.
func (p *playback) wait(ctx context.Context, step int, stop <-chan struct{}) error {
	for {
		p.mu.Lock()
		there, changed := p.now >= step, p.changed
		p.mu.Unlock()
		if there {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-stop:
			return errors.New("the driver was killed")
		}
	}
}

// Start implements server.Engine.
func (p *playback) Start(ctx context.Context, spec server.Spec, log func(string)) (server.Driver, error) {
	p.mu.Lock()
	session := p.sessions[p.base+spec.ID]
	p.mu.Unlock()
	log("INFO Started")
	if err := p.wait(ctx, session.ready, nil); err != nil {
		return nil, err
	}
	if session.dies {
		return nil, errors.New("too small maximum heap")
	}
	d := &playedDriver{playback: p, session: session, done: make(chan struct{})}
	p.mu.Lock()
	p.last = d
	p.mu.Unlock()
	return d, nil
}

// kill kills the driver of the newest session.
func (p *playback) kill(context.Context, string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last.Close(context.Background())
}

// restart has the sessions from now on be those of another server, which
// counts them from 0 again.
func (p *playback) restart() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.scenario.Steps[:p.now] {
		if e.Method == "POST" && e.Path == "/sessions" && e.Status == 201 {
			p.base++
		}
	}
}

type playedDriver struct {
	playback *playback
	session  *playedSession
	once     sync.Once
	done     chan struct{}
}

// Run ignores a cancel, as the recorded driver does: when the output comes,
// the recording tells.
func (d *playedDriver) Run(_ context.Context, stmt server.Statement, _ server.Report) (server.Output, error) {
	st := d.session.statements[stmt.ID]
	if err := d.playback.wait(context.Background(), st.end, d.done); err != nil {
		return server.Output{}, err
	}
	time.Sleep(d.playback.takes)
	return st.output, nil
}

func (d *playedDriver) Complete(context.Context, livy.Kind, string, int) ([]string, error) {
	d.playback.mu.Lock()
	defer d.playback.mu.Unlock()
	var names []string
	for _, c := range parseValue(d.playback.scenario.Steps[d.playback.now].Answer).field("candidates").list {
		names = append(names, c.text)
	}
	return names, nil
}

func (d *playedDriver) App() server.App       { return server.App{} }
func (d *playedDriver) Done() <-chan struct{} { return d.done }
func (d *playedDriver) Close(context.Context) error {
	d.once.Do(func() { close(d.done) })
	return nil
}
