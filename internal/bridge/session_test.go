// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

const (
	postSession   = "POST /sessions"
	postStatement = "POST /sessions/*/statements"
	deleteAny     = "DELETE /sessions/*"
)

// TestFirstCell takes one cell through: nothing is sent before it, then one
// session of no kind, one statement of the kernel's.
func TestFirstCell(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.bridge.Info()
	bn.bridge.IsComplete("1+1")
	if _, err := bn.bridge.Complete(t.Context(), "spark.", 6); err != nil {
		t.Fatal(err)
	}
	if n := len(bn.server.Requests()); n != 0 {
		t.Fatalf("%d requests before the first cell", n)
	}
	r := bn.must("1+1")
	if r.stdout() != "2\n" {
		t.Errorf("stdout = %q", r.stdout())
	}
	if got := r.shown(); !regexp.MustCompile(`^Spark session 0 is ready \(\d+ s\)\.$`).MatchString(got) {
		t.Errorf("shown: %q", got)
	}
	bn.must("1+1")
	if n := bn.server.Count(postSession); n != 1 {
		t.Errorf("%d sessions", n)
	}
	var session map[string]json.RawMessage
	var statement livy.StatementRequest
	for _, req := range bn.server.Requests() {
		if req.Method == http.MethodPost && req.Path == "/sessions" && json.Unmarshal(req.Body, &session) != nil {
			t.Errorf("body %q", req.Body)
		}
		if strings.HasSuffix(req.Path, "/statements") && json.Unmarshal(req.Body, &statement) != nil {
			t.Errorf("body %q", req.Body)
		}
	}
	if _, ok := session["kind"]; ok || !regexp.MustCompile(`^"livy-kernel-[0-9a-f]{8}"$`).Match(session["name"]) ||
		string(session["heartbeatTimeoutInSecond"]) != "3600" {
		t.Errorf("session asked for: %s", session)
	}
	if statement.Kind != livy.KindPySpark {
		t.Errorf("statement of kind %q", statement.Kind)
	}
}

// TestLanguagesShareASession runs three languages on one session.
func TestLanguagesShareASession(t *testing.T) {
	bn := newBench(t, livy.KindSpark)
	bn.engine.Otherwise(livytest.Text("ok"))
	for _, c := range []kernel.Cell{
		{Code: "val a = 1", StoreHistory: true},
		{Code: "%%pyspark\na = 1", StoreHistory: true},
		{Code: "select 1", StoreHistory: true, LanguageID: "sql"},
	} {
		if err := bn.bridge.Execute(t.Context(), c, &recorder{}); err != nil {
			t.Fatal(err)
		}
	}
	var kinds []livy.Kind
	for _, stmt := range bn.engine.Ran() {
		kinds = append(kinds, stmt.Kind)
	}
	if len(kinds) != 3 || kinds[0] != livy.KindSpark || kinds[1] != livy.KindPySpark || kinds[2] != livy.KindSQL || bn.server.Count(postSession) != 1 {
		t.Errorf("ran %v on %d sessions", kinds, bn.server.Count(postSession))
	}
}

func TestReadyLineLinksTheSparkUI(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.engine.SetApp(server.App{ID: "local-1", UIURL: "http://127.0.0.1:4040"})
	r := bn.must("1+1")
	if len(r.displays) != 1 || !strings.Contains(string(r.displays[0].Data["text/html"]), `href=\"http://127.0.0.1:4040\"`) ||
		!strings.HasSuffix(r.shown(), "Spark UI: http://127.0.0.1:4040") {
		t.Errorf("displayed %q", r.displays)
	}
}

// TestStartIsShown updates one line, with the connector's progress and the
// session's state in it.
func TestStartIsShown(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	connecting, starting := make(chan struct{}), make(chan struct{})
	bn.engine.OnStart(func(context.Context, server.Spec) error { <-starting; return nil })
	bn.use(Options{Connect: func(_ context.Context, progress func(string)) (*livy.Client, io.Closer, error) {
		progress("downloading \x1b[2JSpark 40 %")
		<-connecting
		return bn.client, nil, nil
	}})
	r := bn.start("1+1")
	r.await(t, "downloading Spark 40 %")
	close(connecting)
	r.await(t, "state starting")
	close(starting)
	if err := <-r.err; err != nil {
		t.Fatal(err)
	}
	if len(r.displays) != 1 || !strings.HasPrefix(r.shown(), "Spark session 0 is ready") {
		t.Errorf("shown at the end: %q", r.shown())
	}
}

// TestC3Row31InterruptedStart ends the cell; the start goes on, and the next cell
// finds the same session.
func TestC3Row31InterruptedStart(t *testing.T) {
	for _, stage := range []string{"connecting", "posting", "starting"} {
		t.Run(stage, func(t *testing.T) {
			bn := newBench(t, livy.KindPySpark)
			reached, release := make(chan struct{}, 1), make(chan struct{})
			hold := func(at string) {
				if at == stage {
					reached <- struct{}{}
					<-release
				}
			}
			bn.engine.OnStart(func(context.Context, server.Spec) error { hold("starting"); return nil })
			bn.server.Inject(postSession, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				hold("posting")
				next.ServeHTTP(w, r)
			})
			bn.use(Options{Connect: func(context.Context, func(string)) (*livy.Client, io.Closer, error) {
				hold("connecting")
				return bn.client, nil, nil
			}})
			first := bn.start("1+1")
			<-reached
			first.interrupt(kernel.ErrInterrupted)
			if e := cellError(t, <-first.err); e.EName != "KeyboardInterrupt" || !strings.Contains(e.EValue, "goes on starting") {
				t.Errorf("got %s", e)
			}
			second := bn.start("1+1")
			close(release)
			if err := <-second.err; err != nil {
				t.Fatal(err)
			}
			if bn.server.Count(postSession) != 1 || bn.engine.Runs("1+1") != 1 {
				t.Errorf("%d sessions, %d runs", bn.server.Count(postSession), bn.engine.Runs("1+1"))
			}
		})
	}
}

// TestRow48DeadWhileStarting shows the log, deletes the session, and tries anew
// with the next cell.
func TestRow48DeadWhileStarting(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	fail := errors.New("no capacity")
	bn.engine.OnStart(func(context.Context, server.Spec) error { err := fail; fail = nil; return err })
	r, err := bn.run("1+1")
	if e := cellError(t, err); e.EName != "SessionStartFailed" || len(e.Traceback) < 2 {
		t.Errorf("got %s, %q", e, e.Traceback)
	}
	if r.shown() != "The Spark session did not start." && r.shown() != "" {
		t.Errorf("shown: %q", r.shown())
	}
	if n := bn.server.Count(deleteAny); n != 1 {
		t.Errorf("%d sessions deleted", n)
	}
	if got := bn.must("1+1").shown(); !strings.HasPrefix(got, "Spark session 1 is ready") {
		t.Errorf("shown: %q", got)
	}
}

func TestConnectorFails(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	calls := 0
	bn.use(Options{Connect: func(context.Context, func(string)) (*livy.Client, io.Closer, error) {
		if calls++; calls == 1 {
			return nil, nil, errors.New("no Python 3.9 to 3.12 was found; install one")
		}
		return bn.client, nil, nil
	}})
	_, err := bn.run("1+1")
	if e := cellError(t, err); e.EName != "SessionStartFailed" || e.EValue != "no Python 3.9 to 3.12 was found; install one" {
		t.Errorf("got %s", e)
	}
	bn.must("1+1")
}

// TestRow43SessionLost ends the cell when the driver dies; the next one starts
// a new session and says so. Nothing runs twice.
func TestRow43SessionLost(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.engine.On("die", livytest.Die())
	bn.must("1+1")
	_, err := bn.run("die")
	if e := cellError(t, err); e.EName != "SessionLost" || !strings.Contains(e.EValue, "variables are gone") || len(e.Traceback) < 2 {
		t.Errorf("got %s, %q", e, e.Traceback)
	}
	if got := bn.must("1+1").shown(); !strings.HasPrefix(got, "New Spark session 1 is ready") || !strings.Contains(got, "Session 0 is gone") {
		t.Errorf("shown: %q", got)
	}
	if bn.must("1+1").shown() != "" {
		t.Error("the loss is told twice")
	}
	if n := bn.engine.Runs("die"); n != 1 {
		t.Errorf("the cell ran %d times", n)
	}
}

// TestLostWhileIdle meets a session that was deleted between two cells.
func TestLostWhileIdle(t *testing.T) {
	for _, code := range []string{"1+1", "%%info", "%%logs"} {
		t.Run(code, func(t *testing.T) {
			bn := newBench(t, livy.KindPySpark)
			bn.must("1+1")
			if err := bn.client.DeleteSession(t.Context(), "0"); err != nil {
				t.Fatal(err)
			}
			_, err := bn.run(code)
			if e := cellError(t, err); e.EName != "SessionLost" {
				t.Errorf("got %s", e)
			}
			if got := bn.must("1+1").shown(); !strings.HasPrefix(got, "New Spark session 1") {
				t.Errorf("shown: %q", got)
			}
		})
	}
}

func TestStartWithTheKernel(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	served := bn.watch(postSession)
	bn.use(Options{Profile: config.Profile{Kernel: config.Kernel{Start: "kernel"}}})
	<-served
	bn.must("1+1")
	if n := bn.server.Count(postSession); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

// TestHeldCode runs what a front-end sends when a notebook opens right before
// the first cell, and not without one.
func TestHeldCode(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	for _, code := range []string{"fails", "1+1"} {
		if err := bn.bridge.Execute(t.Context(), kernel.Cell{Code: code}, &recorder{}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(bn.server.Requests()); n != 0 {
		t.Fatalf("%d requests", n)
	}
	bn.engine.On("cell", livytest.Text("done"))
	r := bn.must("cell")
	if r.stdout() != "2\ndone\n" || !strings.Contains(r.streams["stderr"], "Start-up code of the front-end failed: NameError") {
		t.Errorf("streams %q", r.streams)
	}
	bn.must("cell")
	if n := bn.engine.Runs("1+1"); n != 1 {
		t.Errorf("held code ran %d times", n)
	}
}

func TestBlankCell(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	for _, code := range []string{"", " \n\t", "%%sql", "%%sql\n  "} {
		bn.must(code)
	}
	if n := len(bn.server.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}
