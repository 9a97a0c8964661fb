// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// TestMagicsWithoutSession answers each magic without a request.
func TestMagicsWithoutSession(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	for code, want := range map[string]string{
		"%%info":         "no session yet",
		"%%session":      "no session yet",
		"%%session stop": "has no session",
		"%%cleanup":      "has no session",
		"%%logs":         "no session",
	} {
		if got := bn.must(code).stdout(); !strings.Contains(got, want) {
			t.Errorf("%s: %q", code, got)
		}
	}
	if n := len(bn.server.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestSessionMagics(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.engine.SetApp(server.App{ID: "local-1<b>", UIURL: "javascript:alert(1)"})
	bn.engine.On("log", livytest.Log(livytest.Text(""), "a \x1b[31mline\x1b[2J"))
	bn.must("log")
	info := bn.must("%%info")
	if html := string(info.displays[0].Data["text/html"]); !strings.Contains(html, "local-1&lt;b&gt;") || strings.Contains(html, "javascript") {
		t.Errorf("info: %s", html)
	}
	if got := bn.must("%%logs").stdout(); !strings.Contains(got, "a \x1b[31mline\n") {
		t.Errorf("logs: %q", got)
	}
	if got := bn.must("%%session stop").stdout(); !strings.Contains(got, "Session 0 was stopped; its variables are gone") {
		t.Errorf("stop: %q", got)
	}
	if bn.engine.Living() != 0 {
		t.Error("the driver lives on")
	}
	if got := bn.must("%%session new").shown(); !strings.HasPrefix(got, "New Spark session 1 is ready") {
		t.Errorf("new: %q", got)
	}
	if r := bn.must("%%session new"); !strings.Contains(r.stdout(), "Session 1 was stopped") || !strings.HasPrefix(r.shown(), "New Spark session 2 is ready") {
		t.Errorf("new beside one: %q, %q", r.stdout(), r.shown())
	}
	bn.must("%%cleanup")
	if bn.engine.Living() != 0 || bn.server.Count(postSession) != 3 {
		t.Errorf("%d drivers, %d sessions", bn.engine.Living(), bn.server.Count(postSession))
	}
}

// TestStopGivesUpAStart deletes a session that is still starting.
func TestStopGivesUpAStart(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	begun := make(chan struct{}, 2)
	release := make(chan struct{})
	bn.engine.OnStart(func(ctx context.Context, _ server.Spec) error {
		begun <- struct{}{}
		select {
		case <-release:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	r := bn.start("1+1")
	<-begun
	r.interrupt(kernel.ErrInterrupted)
	<-r.err
	if got := bn.must("%%info").stdout(); !strings.HasPrefix(got, "Starting Spark session") {
		t.Errorf("info: %q", got)
	}
	if got := bn.must("%%session stop").stdout(); !strings.Contains(got, "given up") {
		t.Errorf("stop: %q", got)
	}
	close(release)
	bn.must("1+1")
	if bn.server.Count(postSession) != 2 || bn.server.Count(deleteAny) != 1 {
		t.Errorf("%d sessions, %d deleted", bn.server.Count(postSession), bn.server.Count(deleteAny))
	}
}

func TestConfigure(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.must("%%configure\n{\"driverMemory\": \"2g\"}")
	bn.must("1+1")
	_, err := bn.run("%%configure\n{\"driverMemory\": \"4g\"}")
	if e := cellError(t, err); e.EName != "ConfigError" || !strings.Contains(e.EValue, "%%configure -f ends it") {
		t.Errorf("got %s", e)
	}
	_, err = bn.run("%%configure -f\n{\"driverMem\": \"4g\"}")
	if e := cellError(t, err); e.EName != "ConfigError" || !strings.Contains(e.EValue, "driverMemory") || bn.engine.Living() != 1 {
		t.Errorf("got %s, with %d drivers", e, bn.engine.Living())
	}
	if got := bn.must("%%configure -f\n{\"driverMemory\": \"4g\"}").stdout(); !strings.Contains(got, "Session 0 was stopped") {
		t.Errorf("told %q", got)
	}
	bn.must("1+1")
	var memory []string
	for _, req := range bn.server.Requests() {
		var body livy.CreateSessionRequest
		if req.Path == "/sessions" && json.Unmarshal(req.Body, &body) == nil {
			memory = append(memory, body.DriverMemory)
		}
	}
	if len(memory) != 2 || memory[0] != "2g" || memory[1] != "4g" {
		t.Errorf("asked for %q", memory)
	}
}

// TestScalaCompletion asks the session for Scala, with the cursor in the code
// that it knows, and for nothing else.
func TestScalaCompletion(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	var gotCode string
	var gotCursor int
	bn.engine.OnComplete(func(_ livy.Kind, code string, cursor int) []string {
		gotCode, gotCursor = code, cursor
		return []string{"range", "read"}
	})
	bn.must("1+1")
	c, err := bn.bridge.Complete(t.Context(), "%%scala\n/* é */ spark.ra", 24)
	if err != nil || len(c.Matches) != 2 || c.Start != 22 || c.End != 24 {
		t.Errorf("got %+v, %v", c, err)
	}
	if gotCode != "       \n/* é */ spark.ra" || gotCursor != 24 { // blanks for the magic
		t.Errorf("asked at %d of %q", gotCursor, gotCode)
	}
	if c, err := bn.bridge.Complete(t.Context(), "spark.rea", 9); err != nil || !slices.Equal(c.Matches, []string{"read", "readStream"}) {
		t.Errorf("python: got %+v, %v", c, err)
	}
	release := make(chan struct{})
	work, begun := signal(livytest.Until(release, livytest.Text("")))
	bn.engine.On("work", work)
	r := bn.start("work")
	<-begun
	if c, err := bn.bridge.Complete(t.Context(), "%%scala\nspark.ra", 16); err != nil || len(c.Matches) != 0 {
		t.Errorf("beside a running cell: got %+v, %v", c, err)
	}
	close(release)
	if err := <-r.err; err != nil {
		t.Error(err)
	}
}
