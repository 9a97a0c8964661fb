// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// bearer adds a token to the requests of a client.
type bearer struct {
	token string
	next  http.RoundTripper
}

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if b.token != "" {
		r.Header.Set("Authorization", "Bearer "+b.token)
	}
	return b.next.RoundTrip(r)
}

// startFabric starts a server in Fabric's dialect.
func startFabric(t *testing.T, engine *Engine, f Fabric, opts ...Option) (*Server, client) {
	t.Helper()
	srv, c := start(t, engine, append(opts, WithFabric(f))...)
	c.url = srv.Endpoint()
	c.http = &http.Client{Transport: bearer{"t", c.http.Transport}}
	return srv, c
}

// fabricPath returns the path of what an answer is about.
func fabricPath(t *testing.T, parent string, answer []byte) string {
	t.Helper()
	var object struct {
		ID json.RawMessage `json:"id"`
	}
	if err := json.Unmarshal(answer, &object); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	return parent + "/" + strings.Trim(string(object.ID), `"`)
}

// TestFabricFlow is the one that the documentation describes.
func TestFabricFlow(t *testing.T) {
	engine := NewEngine()
	const code = "spark.sql(\"SELECT * FROM green_tripdata_2022_08 where fare_amount = 60\").show()"
	engine.On(code, Text("|60|"))
	srv, c := startFabric(t, engine, Fabric{})

	expect := func(want int, method, path, body string) []byte {
		t.Helper()
		status, answer, err := c.do(method, path, body)
		if err != nil || status != want {
			t.Fatalf("%s %s: %d %s %v, want %d", method, path, status, answer, err, want)
		}
		return answer
	}
	session := fabricPath(t, "/sessions", expect(202, "POST", "/sessions", `{"name":"n","tags":{"a":"b"}}`))
	var states []string
	c.eventually("idle", func() bool {
		var view struct {
			State    string `json:"state"`
			LivyInfo *struct {
				CurrentState string `json:"currentState"`
			} `json:"livyInfo"`
			Tags map[string]string `json:"tags"`
		}
		if err := json.Unmarshal(expect(200, "GET", session, ""), &view); err != nil || view.Tags["FallbackReasons"] != "" {
			t.Fatal(view, err)
		}
		states = append(states, view.State)
		return view.LivyInfo != nil && view.LivyInfo.CurrentState == "idle"
	})
	if diff := cmp.Diff([]string{"not_started", "starting", "idle"}, slices.Compact(states)); diff != "" {
		t.Error(diff)
	}
	body, err := json.Marshal(map[string]string{"code": code, "kind": "spark", "sourceId": "msg-1"})
	if err != nil {
		t.Fatal(err)
	}
	statement := fabricPath(t, session+"/statements", expect(200, "POST", session+"/statements", string(body)))
	var s fabricStatement
	c.eventually("available", func() bool {
		if err := json.Unmarshal(expect(200, "GET", statement, ""), &s); err != nil {
			t.Fatal(err)
		}
		return s.State == "available"
	})
	if s.SourceID == nil || *s.SourceID != "msg-1" || !strings.Contains(string(s.Output), "|60|") {
		t.Errorf("statement %+v", s)
	}
	expect(200, "GET", session+"/statements", "")
	expect(204, "POST", session+"/reset-timeout", "")
	expect(200, "POST", statement+"/cancel", "")
	expect(200, "GET", "/sessions?$top=10", "")
	expect(200, "DELETE", session, "")
	expect(404, "GET", session, "")
	if n := srv.Submissions(code); n != 1 || engine.Runs(code) != 1 {
		t.Errorf("%d submissions", n)
	}
}

// TestFabricRefuses what its schema does not have.
func TestFabricRefuses(t *testing.T) {
	srv, c := startFabric(t, NewEngine(), Fabric{Phases: []FabricPhase{}})
	status, answer, err := c.do("POST", "/sessions", `{}`)
	if status != 202 || err != nil {
		t.Fatal(status, string(answer), err)
	}
	session := fabricPath(t, "/sessions", answer)
	for _, r := range []struct {
		method, path, body string
		status             int
	}{
		{"POST", "/sessions", `{"kind":"pyspark"}`, 400},
		{"POST", "/sessions", `{"heartbeatTimeoutInSecond":60}`, 400},
		{"POST", session + "/statements", `{"code":"1","progress":1}`, 400},
		{"POST", session + "/statements", `{"kind":"spark"}`, 400},
		{"GET", "/sessions/0", "", 404},
		{"GET", session + "/log", "", 404},
		{"POST", session + "/connect", "", 404},
		{"POST", session + "/completion", "{}", 404},
		{"GET", session + "/statements/x", "", 400},
		{"GET", session + "/statements/7", "", 404},
		{"GET", "/highConcurrencySessions", "", 404},
	} {
		status, answer, err := c.do(r.method, r.path, r.body)
		var said errorResponse
		if err != nil || status != r.status || json.Unmarshal(answer, &said) != nil || said.ErrorCode == "" || said.RequestID == "" {
			t.Errorf("%s %s %s: %d %s %v, want %d", r.method, r.path, r.body, status, answer, err, r.status)
		}
	}
	for path, want := range map[string]int{
		strings.Replace(srv.Endpoint(), "livyApi", "livyapi", 1):                  200,
		strings.Replace(srv.Endpoint(), DefaultWorkspace, DefaultLakehouse, 1):    404,
		strings.Replace(srv.Endpoint(), "/"+DefaultLakehouse, "/"+submitterID, 1): 404,
		strings.Replace(srv.Endpoint(), "2023-12-01", "2023-12-02", 1):            404,
		srv.URL: 404,
	} {
		c.url = path
		if status, answer, err := c.do("GET", "/sessions", ""); status != want || err != nil {
			t.Errorf("%s: %d %s %v", path, status, answer, err)
		}
	}
}

func TestFabricTokens(t *testing.T) {
	checked := Fabric{Token: func(token string) error {
		switch token {
		case "good":
			return nil
		case "narrow":
			return &FabricError{Status: 403, Code: "InsufficientScopes", Message: "Lakehouse.Execute.All is missing"}
		}
		return errors.New("the token was issued by nobody")
	}}
	srv, c := startFabric(t, NewEngine(), checked)
	for token, want := range map[string]int{"": 401, "bad": 401, "narrow": 403, "good": 200} {
		c.http = &http.Client{Transport: bearer{token, srv.Client().Transport}}
		if status, answer, err := c.do("GET", "/sessions", ""); status != want || err != nil {
			t.Errorf("%q: %d %s %v", token, status, answer, err)
		}
	}
	c.http = &http.Client{Transport: bearer{"good", srv.Client().Transport}}
	srv.Inject("GET /sessions", TokenExpired(), NoCapacity(), ThrottledUntil("1/1/2030 1:00:00 AM"), RetryAfter(429, "3"))
	for _, want := range []int{401, 430, 429, 429, 200} {
		if status, _, err := c.do("GET", "/sessions", ""); status != want || err != nil {
			t.Errorf("%d %v, want %d", status, err, want)
		}
	}
}

func TestFabricStarterPoolLost(t *testing.T) {
	for body, want := range map[string]string{
		`{"name":"n"}`: "", `{"driverMemory":"28g"}`: "UserSparkConfigMismatch", `{"conf":{"a":"b"}}`: "UserSparkConfigMismatch",
	} {
		_, c := startFabric(t, NewEngine(), Fabric{})
		var view fabricView
		c.must("POST", "/sessions", body, &view)
		if got := view.Tags["FallbackReasons"]; got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

// TestHighConcurrency: acquires one after the other share a session and have
// their own REPLs; acquires at the same time do not share.
func TestHighConcurrency(t *testing.T) {
	engine := NewEngine()
	engine.Otherwise(Text("1"))
	_, c := startFabric(t, engine, Fabric{})
	acquire := func() string {
		t.Helper()
		var a acquiredView
		c.must("POST", "/highConcurrencySessions", `{"sessionTag":"tag"}`, &a)
		if a.State != "NotStarted" || a.SessionID != nil || a.ReplID != nil || a.SessionTag != "tag" {
			t.Fatalf("%+v", a)
		}
		return "/highConcurrencySessions/" + a.ID
	}
	settle := func(path string) acquiredView {
		t.Helper()
		var a acquiredView
		c.eventually("idle", func() bool {
			c.must("GET", path, "", &a)
			return a.State == "Idle"
		})
		return a
	}
	first := acquire()
	hasty := acquire()
	one, other := settle(first), settle(hasty)
	if *one.SessionID == *other.SessionID {
		t.Error("acquires at the same time share a session")
	}
	second := acquire()
	two := settle(second)
	if *two.SessionID != *one.SessionID || *two.ReplID == *one.ReplID {
		t.Errorf("%s %s, then %s %s", *one.SessionID, *one.ReplID, *two.SessionID, *two.ReplID)
	}
	statements := "/highConcurrencySessions/" + *two.SessionID + "/repls/" + *two.ReplID + "/statements"
	var s fabricStatement
	c.eventually("the REPL", func() bool {
		status, answer, err := c.do("POST", statements, `{"code":"1","kind":"pyspark"}`)
		return err == nil && status == 200 && json.Unmarshal(answer, &s) == nil
	})
	c.eventually("the end", func() bool {
		c.must("GET", statements+"/0", "", &s)
		return s.State == "available"
	})
	for _, path := range []string{first, hasty} {
		c.must("DELETE", path, "", nil)
	}
	c.must("GET", "/sessions/"+*two.SessionID, "", nil)
	c.must("DELETE", second, "", nil)
	if status, _, err := c.do("GET", "/sessions/"+*two.SessionID, ""); status != 404 || err != nil {
		t.Errorf("the session outlives its REPLs: %d %v", status, err)
	}
}
