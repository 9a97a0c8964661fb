// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package recording

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Target is the server under test, for one scenario.
type Target struct {
	// Transport reaches the server. It follows no redirect.
	Transport http.RoundTripper
	// BaseURL is the address in front of /sessions; "http://livy" if empty.
	BaseURL string
	// KillDriver kills the driver of the session with the server's id. Only
	// scenarios with an exchange of Killed need it.
	KillDriver func(ctx context.Context, sessionID string) error
	// Restart ends the server and starts another one at the same address. Only
	// scenarios with an exchange of Restarted need it.
	Restart func(ctx context.Context) error
	// BeforeStep, if set, is called before each exchange, for example to wait
	// as long as the recorded client did.
	BeforeStep func(ctx context.Context, step int, e Exchange)
	// Patience is how long a state that the recording has is waited for; 2
	// minutes if 0.
	Patience time.Duration
	// Poll is the pause between two questions; 10 ms if 0.
	Poll time.Duration
}

// Replay sends the requests of s to target in their order, deletes the
// sessions that are left and returns where the answers differ. The error is
// for a server that does not answer at all and for an ended ctx.
func Replay(ctx context.Context, s Scenario, target Target) ([]Difference, error) {
	if target.BaseURL == "" {
		target.BaseURL = "http://livy"
	}
	if target.Patience == 0 {
		target.Patience = 2 * time.Minute
	}
	if target.Poll == 0 {
		target.Poll = 10 * time.Millisecond
	}
	r := &replay{scenario: s, target: target, ids: newIDs(), highest: map[string]int{}}
	err := r.prepare(ctx)
	for i, e := range s.Steps {
		if err == nil {
			err = r.step(ctx, i, e)
		}
	}
	err = errors.Join(err, r.cleanUp(ctx))
	if err != nil {
		return r.diffs, fmt.Errorf("replay %s: %w", s.Name, err)
	}
	return r.diffs, nil
}

// replay is one run of a scenario.
type replay struct {
	scenario Scenario
	target   Target
	ids      *ids
	highest  map[string]int // The highest rank of a state so far, by path.
	killed   bool           // A driver was killed, so that death may come any time.
	diffs    []Difference
}

// prepare makes the sessions that the recording found.
func (r *replay) prepare(ctx context.Context) error {
	for _, b := range r.scenario.Sessions {
		got, err := r.send(ctx, http.MethodPost, "/sessions", fmt.Sprintf(`{"kind":%q}`, b.Kind))
		if err != nil {
			return err
		}
		session := got.body.field("id").text
		r.ids.addSession(fmt.Sprint(b.ID), session)
		path := "/sessions/" + session
		if err := r.waitFor(ctx, path, "idle"); err != nil {
			return err
		}
		for i, code := range b.Statements {
			got, err := r.send(ctx, http.MethodPost, path+"/statements", fmt.Sprintf(`{"code":%q}`, code))
			if err != nil {
				return err
			}
			id := got.body.field("id").text
			r.ids.addStatement(fmt.Sprint(b.ID), fmt.Sprint(i), id)
			if err := r.waitFor(ctx, path+"/statements/"+id, "available"); err != nil {
				return err
			}
		}
	}
	return nil
}

// waitFor polls path until it shows state.
func (r *replay) waitFor(ctx context.Context, path, state string) error {
	got, err := r.poll(ctx, http.MethodGet, path, "", func(got answer) bool { return got.body.field("state").text == state })
	if err == nil && got.body.field("state").text != state {
		err = fmt.Errorf("GET %s: state %q did not come; the last is %q", path, state, got.body.field("state").text)
	}
	return err
}

// step replays one exchange.
func (r *replay) step(ctx context.Context, i int, e Exchange) error {
	if r.target.BeforeStep != nil {
		r.target.BeforeStep(ctx, i, e)
	}
	if e.Method == "" {
		return r.happen(ctx, e)
	}
	want := answer{status: e.Status, header: e.Header, body: parseValue(e.Answer)}
	path := r.ids.mapPath(e.Path)
	got, err := r.ask(ctx, e, path, want)
	if err != nil {
		return err
	}
	if e.Method == http.MethodPost && e.Status == got.status {
		r.ids.learn(e.Path, want.body, got.body)
	}
	diffs := compareAnswers(want, got, r.ids)
	if got.size < e.Bytes-bytesSlack {
		diffs = append(diffs, Difference{Path: "length", Want: fmt.Sprint(e.Bytes), Got: fmt.Sprint(got.size)})
	}
	if e.Method == http.MethodGet && e.Status == http.StatusOK {
		diffs = append(diffs, r.order(path, got.body)...)
	}
	for _, d := range diffs {
		if r.killed && d.Path == "$.state" && d.Got == "dead" {
			continue
		}
		d.Scenario, d.Step, d.Request = r.scenario.Name, i, e.Name()
		r.diffs = append(r.diffs, d)
	}
	return nil
}

// bytesSlack is by how much a long body may be shorter than the recorded one:
// ids and times have other lengths.
const bytesSlack = 1000

// happen has happen what is no request.
func (r *replay) happen(ctx context.Context, e Exchange) error {
	switch {
	case e.Killed && r.target.KillDriver != nil:
		r.killed = true
		return r.target.KillDriver(ctx, r.ids.lastSession)
	case e.Restarted && r.target.Restart != nil:
		clear(r.highest) // ids begin again
		return r.target.Restart(ctx)
	case e.Filled > 0:
		return r.fill(ctx, e.Filled)
	}
	return fmt.Errorf("the scenario needs what the target cannot do: %s", e.Name())
}

// fill runs n statements in the last session.
func (r *replay) fill(ctx context.Context, n int) error {
	path := "/sessions/" + r.ids.lastSession
	for range n {
		got, err := r.send(ctx, http.MethodPost, path+"/statements", `{"code":"1"}`)
		if err == nil {
			err = r.waitFor(ctx, path+"/statements/"+got.body.field("id").text, "available")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ask sends the request, a GET until its answer is as far as the recorded
// one. Where only the recorded answer to a submission carries the result, the
// statement is asked for it.
func (r *replay) ask(ctx context.Context, e Exchange, path string, want answer) (answer, error) {
	ready := func(got answer) bool {
		waits := strings.HasPrefix(path, "/sessions/")
		return (got.status == want.status || !waits) && reached(want.body, got.body)
	}
	if e.Method == http.MethodGet {
		return r.poll(ctx, e.Method, path, e.body(), ready)
	}
	got, err := r.sendMarked(ctx, e.Method, path, e.body(), !e.Unmarked)
	if err == nil && got.status == want.status && got.body.isStatement() && !reached(want.body, got.body) {
		ended, err := r.poll(ctx, http.MethodGet, path+"/"+got.body.field("id").text, "", func(got answer) bool { return reached(want.body, got.body) })
		got.body = ended.body
		return got, err
	}
	return got, err
}

// order returns a difference where the state at path went backwards.
func (r *replay) order(path string, got value) []Difference {
	if !got.isState() && !got.isStatement() {
		return nil
	}
	now := rank(got)
	if now < r.highest[path] {
		return []Difference{{Path: "$.state", Want: "a later state than before", Got: got.field("state").text}}
	}
	r.highest[path] = now
	return nil
}
