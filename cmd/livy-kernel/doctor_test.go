// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// measured matches what differs from run to run.
var measured = regexp.MustCompile(`127\.0\.0\.1:\d+|[0-9.]+(µs|ms|s)\b|for \d+ days`)

func TestDoctor(t *testing.T) {
	engine := livytest.NewEngine()
	engine.On("1+1", livytest.Text("2"))
	srv := livytest.NewServer(engine, livytest.WithTLS(), livytest.WithBasicAuth("ann", "canary"))
	defer srv.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	login := []string{"--auth", "basic", "--username", "ann", "--ca-file", ca}
	var all strings.Builder
	for _, c := range []struct {
		name, password string
		install        []string
		args           []string
		fault          livytest.Fault
		pattern        string
		starting       bool // the session is not idle at once
		code           int
	}{
		{name: "well", password: "canary", install: login, code: exitOK},
		{name: "without a session", password: "canary", install: login, args: []string{"--no-session"}, code: exitOK},
		{name: "no such host", install: []string{"--endpoint", "https://livy.invalid"}, code: exitFailure},
		{name: "nobody listens", install: []string{"--endpoint", "https://127.0.0.1:9"}, code: exitFailure},
		{name: "unknown authority", password: "canary", install: login[:4], code: exitFailure},
		{name: "no password", install: login, code: exitFailure},
		{name: "wrong password", password: "other", install: login, code: exitFailure},
		{name: "no right", password: "canary", install: login, pattern: "GET /sessions", fault: livytest.Status(http.StatusForbidden, `{"msg":"no"}`), code: exitFailure},
		{name: "no capacity", password: "canary", install: login, pattern: "POST /sessions", fault: livytest.Status(http.StatusBadRequest, `{"msg":"Rejected, too many sessions are being created!"}`), code: exitFailure},
		{name: "dead session", starting: true, password: "canary", install: login, pattern: "GET /sessions/*", fault: livytest.Status(http.StatusOK, `{"id":7,"state":"dead","log":["no queue"]}`), code: exitFailure},
	} {
		u := newUser(t)
		if c.password != "" {
			u.environ = append(u.environ, "LIVY_KERNEL_PASSWORD="+c.password)
		}
		u.must(append([]string{"install", "sales", "--endpoint", srv.URL}, c.install...)...)
		srv.Heal()
		if c.starting {
			srv.Inject("POST /sessions", livytest.Status(http.StatusCreated, `{"id":7,"state":"starting"}`))
		}
		if c.fault != nil {
			srv.Inject(c.pattern, c.fault)
		}
		stdout, stderr, code := u.run(append([]string{"doctor", "sales"}, c.args...)...)
		if code != c.code || strings.Contains(stdout+stderr, "canary") {
			t.Errorf("%s: exited %d\n%s%s", c.name, code, stdout, stderr)
		}
		fmt.Fprintf(&all, "# %s\n%s\n", c.name, measured.ReplaceAllString(stdout, "<…>"))
	}
	golden(t, "doctor.txt", all.String())
	if n := engine.Living(); n != 0 {
		t.Errorf("%d sessions are left", n)
	}
}

// A session that takes its time is told of when its state changes, not at each
// look.
func TestDoctorTellsAStateOnce(t *testing.T) {
	srv := livytest.NewServer(livytest.NewEngine())
	defer srv.Close()
	u := newUser(t)
	u.must("install", "slow", "--endpoint", srv.URL)
	srv.Inject("POST /sessions", livytest.Status(http.StatusCreated, `{"id":7,"state":"not_started"}`))
	answer := func(state string) livytest.Fault {
		return livytest.Status(http.StatusOK, `{"id":7,"state":"`+state+`","log":[]}`)
	}
	srv.Inject("GET /sessions/*", answer("not_started"), answer("starting"), answer("starting"), answer("dead"))
	_, stderr, code := u.run("doctor", "slow")
	for _, state := range []string{"not_started", "starting"} {
		if strings.Count(stderr, "session: "+state+" …\n") != 1 || code != exitFailure {
			t.Errorf("exited %d: %s", code, stderr)
		}
	}
}

func TestDoctorAsJSON(t *testing.T) {
	engine := livytest.NewEngine()
	engine.On("1+1", func(_ context.Context, call livytest.Call) (server.Output, error) {
		if call.Kind != livy.KindPySpark {
			t.Errorf("1+1 was run as %s", call.Kind)
		}
		return livytest.TextOutput("3"), nil
	})
	srv := livytest.NewServer(engine)
	defer srv.Close()
	u := newUser(t)
	u.must("install", "sales", "--endpoint", srv.URL)
	stdout, _, code := u.run("doctor", "sales", "--json")
	if code != exitFailure {
		t.Errorf("exited %d", code)
	}
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	var failed []string
	for i, line := range lines {
		var f struct {
			Check, Detail, Todo string
			OK                  bool
		}
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Errorf("line %d: %v %s", i, err, line)
		}
		if !f.OK {
			failed = append(failed, f.Check+": "+f.Detail+": "+f.Todo)
		}
	}
	if want := []string{"1+1: 1+1 is not 2 there: the log of the session may tell why"}; !slices.Equal(failed, want) {
		t.Errorf("failed are %q", failed)
	}
	if last := lines[len(lines)-1]; !strings.Contains(last, `"check":"delete","ok":true`) || engine.Living() != 0 {
		t.Errorf("at last %s, %d drivers", last, engine.Living())
	}
}
