// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
)

// TestFaults pins for each fault what the client sees and whether the server
// took the statement.
func TestFaults(t *testing.T) {
	released := make(chan struct{})
	close(released)
	anyError := func(err error) bool { return err != nil }
	cases := []struct {
		name   string
		fault  Fault
		status int                  // 0: none comes.
		fails  func(err error) bool // nil: it does not.
		runs   int
	}{
		{"reset before", ResetBefore(), 0, anyError, 0},
		{"reset after acceptance", ResetAfterAcceptance(), 0, anyError, 1},
		{"cut in the head of the body", CutAnswer(3), 201, anyError, 1},
		{"cut before the body", CutAnswer(0), 201, anyError, 1},
		{"truncated JSON", TruncateJSON(10), 201, nil, 1},
		{"status", Status(500, "broken"), 500, nil, 0},
		{"retry after", RetryAfter(429, "3"), 429, nil, 0},
		{"gateway gave up", StatusAfterAcceptance(504), 504, nil, 1},
		{"delay", Delay(released), 201, nil, 1},
		{"delayed answer", DelayAnswer(released), 201, nil, 1},
	}
	for _, scheme := range []struct {
		name string
		opts []Option
	}{{"http", nil}, {"https", []Option{WithTLS()}}} {
		for _, c := range cases {
			t.Run(scheme.name+"/"+c.name, func(t *testing.T) {
				engine := NewEngine()
				engine.On("x", Text("1"))
				srv, client := start(t, engine, scheme.opts...)
				session := client.session(livy.KindPySpark)
				srv.Inject("POST /sessions/*/statements", c.fault)

				status, _, err := client.do("POST", session+"/statements", statementBody("x"))
				if (c.fails == nil) != (err == nil) || c.fails != nil && !c.fails(err) {
					t.Errorf("error %v", err)
				}
				if status != c.status {
					t.Errorf("status %d, want %d", status, c.status)
				}
				// One more statement tells when the first has had its turn.
				client.end(client.submit(session, "x"))
				if got := engine.Runs("x") - 1; got != c.runs {
					t.Errorf("it ran %d times, want %d", got, c.runs)
				}
				if got := srv.Submissions("x"); got != 2 {
					t.Errorf("%d submissions in the journal, want 2", got)
				}
			})
		}
	}
}

func TestTruncatedJSONIsACompleteAnswer(t *testing.T) {
	engine := NewEngine()
	engine.On("x", Text("1"))
	srv, client := start(t, engine)
	session := client.session(livy.KindPySpark)
	srv.Inject("POST /sessions/*/statements", TruncateJSON(10))
	_, body, err := client.do("POST", session+"/statements", statementBody("x"))
	if err != nil || len(body) != 10 || json.Valid(body) {
		t.Errorf("got %q, %v; want 10 bytes of broken JSON", body, err)
	}
}

func TestResetConnections(t *testing.T) {
	srv, client := start(t, NewEngine())
	srv.ResetConnections(2)
	client.http.CloseIdleConnections()
	for range 2 {
		if status, _, err := client.do("POST", "/sessions", "{}"); err == nil {
			t.Errorf("status %d, want a reset", status)
		}
	}
	client.must("GET", "/version", "", nil)
	if got := srv.Count("POST /sessions"); got != 0 {
		t.Errorf("%d requests were read, want 0", got)
	}
}

func TestFaultsAreUsedOnceInOrderAndOnTheirRoute(t *testing.T) {
	srv, client := start(t, NewEngine())
	srv.Inject("GET /sessions", Status(503, ""), Status(502, ""))
	srv.Inject("GET /version", Status(500, ""))
	for _, want := range []int{503, 502, 200} {
		if got, _, err := client.do("GET", "/sessions?from=0", ""); got != want || err != nil {
			t.Errorf("status %d, %v, want %d", got, err, want)
		}
	}
	srv.Heal()
	if got, _, err := client.do("GET", "/version", ""); got != 200 || err != nil {
		t.Errorf("after Heal: status %d, %v", got, err)
	}
	var statuses []int
	for _, r := range srv.Requests() {
		statuses = append(statuses, r.Status)
	}
	if len(statuses) != 4 || statuses[0] != 503 || statuses[3] != 200 {
		t.Errorf("journal has the statuses %v", statuses)
	}
}

// TestCloseLetsHeldRequestsGo would hang if it did not.
func TestCloseLetsHeldRequestsGo(t *testing.T) {
	srv := NewServer(NewEngine())
	c := client{t, srv.Client(), srv.URL}
	held := make(chan struct{})
	srv.Inject("GET /version", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		close(held)
		Delay(nil)(w, r, next)
	})
	failed := make(chan error)
	go func() {
		_, _, err := c.do("GET", "/version", "")
		failed <- err
	}()
	<-held
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	if err := <-failed; err == nil {
		t.Error("the held request was answered")
	}
}

func TestBasicAuthAndTLS(t *testing.T) {
	srv, client := start(t, NewEngine(), WithTLS(), WithBasicAuth("u", "p"))
	if srv.Certificate() == nil {
		t.Fatal("no certificate")
	}
	for _, c := range []struct {
		user, password string
		want           int
	}{{"", "", 401}, {"u", "wrong", 401}, {"x", "p", 401}, {"u", "p", 200}} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", srv.URL+"/version", nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.user != "" {
			req.SetBasicAuth(c.user, c.password)
		}
		resp, err := client.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != c.want {
			t.Errorf("%q %q: status %d, want %d", c.user, c.password, resp.StatusCode, c.want)
		}
	}
}
