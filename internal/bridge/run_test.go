// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

func TestSQLTable(t *testing.T) {
	bn := newBench(t, livy.KindSQL)
	bn.engine.On("select 1", livytest.Data(map[string]json.RawMessage{
		"application/json": json.RawMessage(`{"schema":{"type":"struct","fields":[{"name":"<b>","type":"long"}]},"data":[[9007199254740993]]}`),
	}))
	r := bn.must("select 1")
	if len(r.results) != 1 || r.stdout() != "" {
		t.Fatalf("results %v, stdout %q", r.results, r.stdout())
	}
	html, text := string(r.results[0]["text/html"]), textOf(r.results[0])
	if !strings.Contains(html, "&lt;b&gt;") || !strings.Contains(html, "9007199254740993") || !strings.Contains(text, "9007199254740993") {
		t.Errorf("html %s\ntext %s", html, text)
	}
}

// TestRow37NoOutput takes an ended statement without an output for one that
// shows nothing, and keeps an unknown type.
func TestRow37NoOutput(t *testing.T) {
	for name, c := range map[string]struct{ body, stdout, value string }{
		"null output":  {`{"id":0,"state":"available","output":null}`, "", ""},
		"null data":    {`{"id":0,"state":"available","output":{"status":"ok","data":null}}`, "", ""},
		"unknown type": {`{"id":0,"state":"available","output":{"status":"ok","data":{"application/x-new":1}}}`, "", "<application/x-new>"},
	} {
		t.Run(name, func(t *testing.T) {
			bn := newBench(t, livy.KindPySpark)
			bn.server.Inject(postStatement, livytest.Status(http.StatusCreated, c.body))
			r := bn.must("x")
			if c.value == "" {
				if len(r.results) != 0 || r.stdout() != "" {
					t.Errorf("results %v, stdout %q", r.results, r.stdout())
				}
			} else if len(r.results) != 1 || textOf(r.results[0]) != c.value {
				t.Errorf("results %v", r.results)
			}
		})
	}
}

// TestFailures shows the errors that Livy hides in various places.
func TestFailures(t *testing.T) {
	for name, c := range map[string]struct{ body, ename, want string }{
		"of the code":      {`{"id":0,"state":"available","output":{"status":"error","ename":"ZeroDivisionError","evalue":"division by zero","traceback":["Traceback (most recent call last):\n","ZeroDivisionError: division by zero\n"]}}`, "ZeroDivisionError", "division by zero"},
		"in an ok":         {`{"id":0,"state":"available","output":{"status":"ok","data":{"msg_type":"execute_reply","content":{"status":"error","ename":"KeyError","evalue":"'x'","traceback":[]}}}}`, "KeyError", "'x'"},
		"without a reason": {`{"id":0,"state":"error","output":null}`, "Error", "not why"},
		"interpreter died": {`{"id":0,"state":"available","output":{"status":"error","ename":"Error","evalue":"Interpreter died:\n","traceback":[]}}`, "SessionLost", "starts a new one"},
		"cancelled":        {`{"id":0,"state":"cancelled","output":null}`, "KeyboardInterrupt", "cancelled"},
	} {
		t.Run(name, func(t *testing.T) {
			bn := newBench(t, livy.KindPySpark)
			bn.server.Inject(postStatement, livytest.Status(http.StatusCreated, c.body))
			_, err := bn.run("x")
			if e := cellError(t, err); e.EName != c.ename || !strings.Contains(e.EValue, c.want) {
				t.Errorf("got %s, want %s with %q", e, c.ename, c.want)
			}
			bn.must("1+1")
			want := 1
			if c.ename == "SessionLost" {
				want = 2
			}
			if n := bn.server.Count(postSession); n != want {
				t.Errorf("%d sessions", n)
			}
		})
	}
}

// TestSubmittedOnce never sends a cell a second time, whatever became of its
// request (fault-matrix rows 17 to 21).
func TestSubmittedOnce(t *testing.T) {
	for name, c := range map[string]struct {
		fault livytest.Fault
		ename string
		runs  int
	}{
		"row 18, reset after acceptance": {livytest.ResetAfterAcceptance(), "", 1},
		"row 19, cut answer":             {livytest.CutAnswer(10), "", 1},
		"row 19, not JSON":               {livytest.TruncateJSON(10), "", 1},
		"row 20, gateway gave up":        {livytest.StatusAfterAcceptance(504), "", 1},
		"refused":                        {livytest.Status(403, ""), "AccessDenied", 0},
	} {
		t.Run(name, func(t *testing.T) {
			bn := newBench(t, livy.KindPySpark)
			bn.must("1+1")
			bn.engine.On("x", livytest.Text(""))
			bn.server.Inject(postStatement, c.fault)
			_, err := bn.run("x")
			if c.ename == "" {
				if err != nil {
					t.Errorf("the statement was not found: %v", err)
				}
			} else if e := cellError(t, err); e.EName != c.ename {
				t.Errorf("got %s, want %s", e, c.ename)
			}
			bn.must("1+1") // is served after x, if that was taken
			if got := bn.engine.Runs("x"); got != c.runs || bn.server.Submissions("x") != 1 {
				t.Errorf("%d runs, %d submissions", got, bn.server.Submissions("x"))
			}
		})
	}
}
