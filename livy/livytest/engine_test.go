// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

func TestUntilStopsAtACancelAndStubbornDoesNot(t *testing.T) {
	engine := NewEngine()
	release := make(chan struct{})
	engine.On("until", Until(release, Text("released")))
	engine.On("stubborn", Stubborn(release, Text("released")))
	_, client := start(t, engine)
	session := client.session(livy.KindPySpark)

	until := client.submit(session, "until")
	client.must("POST", until+"/cancel", "", nil)
	if st := client.end(until); st.State != livy.StatementCancelled || st.Output == nil || st.Output.EName != "KeyboardInterrupt" {
		t.Errorf("until: %+v", st)
	}
	stubborn := client.submit(session, "stubborn")
	client.must("POST", stubborn+"/cancel", "", nil)
	var st livy.Statement
	if client.must("GET", stubborn, "", &st); st.State != livy.StatementCancelling {
		t.Errorf("stubborn: %s", st.State)
	}
	close(release)
	if st := client.end(stubborn); string(st.Output.Data["text/plain"]) != `"released"` {
		t.Errorf("stubborn: %+v", st.Output)
	}
}

func TestProgressAndLogComeThrough(t *testing.T) {
	engine := NewEngine()
	steps := make(chan float64)
	engine.On("x", Progress(steps, Log(Error("E", "v", "t"), "from the driver")))
	_, client := start(t, engine)
	session := client.session(livy.KindSpark)
	path := client.submit(session, "x")
	for _, want := range []float64{0.5, 1, 0.25} {
		steps <- want
		client.eventually(fmt.Sprintf("progress %v", want), func() bool {
			var st livy.Statement
			client.must("GET", path, "", &st)
			return st.Progress == want && st.State == livy.StatementRunning
		})
	}
	close(steps)
	if o := client.end(path).Output; o.EName != "E" || o.EValue != "v" || len(o.Traceback) != 1 {
		t.Errorf("output %+v", o)
	}
	if _, body, err := client.do("GET", session+"/log", ""); err != nil || !strings.Contains(string(body), "from the driver") {
		t.Errorf("log %s, %v", body, err)
	}
}

func TestDriverDeath(t *testing.T) {
	for name, die := range map[string]func(*Engine, client, string){
		"scripted": func(e *Engine, c client, session string) {
			e.On("x", Die())
			_, _, _ = c.do("POST", session+"/statements", statementBody("x"))
		},
		"killed while idle": func(e *Engine, c client, _ string) {
			if err := e.Kill(0); err != nil {
				c.t.Error(err)
			}
		},
		"killed while busy": func(e *Engine, c client, session string) {
			e.On("x", Until(nil, Text("")))
			c.submit(session, "x")
			if err := e.Kill(0); err != nil {
				c.t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			engine := NewEngine()
			_, client := start(t, engine)
			session := client.session(livy.KindPySpark)
			die(engine, client, session)
			client.eventually("death", func() bool {
				var s livy.Session
				client.must("GET", session, "", &s)
				return s.State == livy.SessionDead
			})
		})
	}
}

func TestScriptedStart(t *testing.T) {
	engine := NewEngine()
	engine.OnStart(func(_ context.Context, spec server.Spec) error {
		if spec.Request.Kind == livy.KindSQL {
			return errors.New("no capacity left")
		}
		return nil
	})
	engine.SetApp(server.App{ID: "app-1", UIURL: "http://127.0.0.1:4040"})
	_, client := start(t, engine)
	var s livy.Session
	client.must("GET", client.session(livy.KindSpark), "", &s)
	if s.AppID != "app-1" || s.AppInfo["sparkUiUrl"] != "http://127.0.0.1:4040" {
		t.Errorf("application %q %v", s.AppID, s.AppInfo)
	}
	client.must("POST", "/sessions", `{"kind":"sql"}`, &s)
	client.eventually("death", func() bool {
		client.must("GET", "/sessions/"+string(s.ID), "", &s)
		return s.State == livy.SessionDead
	})
	if got := strings.Join(s.Log, "\n"); !strings.Contains(got, "no capacity left") {
		t.Errorf("log %q", got)
	}
}

func TestInOrderAndUnscripted(t *testing.T) {
	engine := NewEngine()
	engine.On("x", InOrder(Text("1"), Text("2")))
	_, client := start(t, engine)
	session := client.session(livy.KindPySpark)
	for _, want := range []string{`"1"`, `"2"`, `"2"`} {
		if got := string(client.end(client.submit(session, "x")).Output.Data["text/plain"]); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if o := client.end(client.submit(session, "y")).Output; o.EName != "NameError" || !strings.Contains(o.EValue, "y") {
		t.Errorf("unscripted: %+v", o)
	}
}

func TestEcho(t *testing.T) {
	engine := NewEngine()
	engine.Otherwise(Echo)
	_, client := start(t, engine)
	session := client.session(livy.KindPySpark)
	for code, want := range map[string]string{
		"print(1)":             `ok "you sent 8 bytes"`,
		"é":                    `ok "you sent 2 bytes"`,
		"raise ValueError bad": "error ValueError bad",
		"raise X":              "error X ",
		"log hello":            `ok "you sent 9 bytes"`,
		"sleep 0.01":           `ok "slept"`,
		"sleep well":           `ok "you sent 10 bytes"`,
		"stubborn 0.01":        `ok "slept"`,
		"\n  sleep 0\nmore":    `ok "slept"`,
	} {
		o := client.end(client.submit(session, code)).Output
		got := o.Status + " " + string(o.Data["text/plain"])
		if o.Status == "error" {
			got = "error " + o.EName + " " + o.EValue
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", code, got, want)
		}
	}
	var st livy.Statement
	client.must("POST", session+"/statements", `{"code":"select 1","kind":"sql"}`, &st)
	st = client.end(session + "/statements/" + string(st.ID))
	if _, ok := st.Output.Data["application/json"]; !ok {
		t.Errorf("sql: %+v", st.Output)
	}
	sleep := client.submit(session, "sleep 3600")
	client.must("POST", sleep+"/cancel", "", nil)
	if st := client.end(sleep); st.Output.EName != "KeyboardInterrupt" {
		t.Errorf("cancelled sleep: %+v", st)
	}
	stubborn := client.submit(session, "stubborn 0.2")
	client.must("POST", stubborn+"/cancel", "", nil)
	if st := client.end(stubborn); string(st.Output.Data["text/plain"]) != `"slept"` {
		t.Errorf("cancelled stubborn: %+v", st)
	}
}
