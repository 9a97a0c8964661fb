// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"crypto/x509"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// startFabric returns a scripted Fabric, over TLS, and a client of it.
func startFabric(t *testing.T, f livytest.Fabric, opts ...livy.Option) (*livytest.Server, *livytest.Engine, *livy.Client) {
	t.Helper()
	engine := livytest.NewEngine()
	engine.Otherwise(livytest.Text("2"))
	f.Token = func(token string) error {
		if token != canary {
			return errors.New("not the token that was issued")
		}
		return nil
	}
	srv := livytest.NewServer(engine, livytest.WithTLS(), livytest.WithFabric(f))
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	client, err := livy.New(srv.Endpoint()+"/sessions", append(opts, livy.WithDialect(livy.DialectFabric), livy.WithRootCAs(roots),
		livy.WithAuthorizer(auth.Bearer{Token: auth.NewSecret(canary)}))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.CloseIdleConnections()
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		if n := engine.Living(); n > 0 {
			t.Errorf("%d drivers live on", n)
		}
	})
	return srv, engine, client
}

// ready creates a session and waits for it.
func ready(t *testing.T, client *livy.Client, progress func(livy.Session)) livy.Session {
	t.Helper()
	s, err := client.CreateSession(t.Context(), livy.CreateSessionRequest{Name: "n", Tags: map[string]string{"livy-kernel": "7"}})
	if err == nil {
		s, err = client.WaitSession(t.Context(), s, progress)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestRow81Flow is that of Apache mode, against the whole dialect.
func TestRow81Flow(t *testing.T) {
	t.Parallel() // it waits for the pace of polls
	srv, engine, client := startFabric(t, livytest.Fabric{Phases: []livytest.FabricPhase{
		{State: "not_submitted", Fabric: "queued", Scheduler: "Queued"},
		{State: "Starting", Livy: "Starting", Fabric: "unknown", Plugin: "Monitoring"},
	}})
	var phases []string
	s := ready(t, client, func(s livy.Session) { phases = append(phases, string(s.State)+" "+s.Phase) })
	if len(phases) < 3 || phases[0] != "not_submitted queued" || s.State != livy.SessionIdle {
		t.Errorf("%q, then %+v", phases, s)
	}
	submitter := client.NewSubmitter(s.ID, livy.NoStatements)
	for _, code := range []string{"where fare_amount = 60", "where tip_amount = 10"} {
		stmt, err := submitter.Submit(t.Context(), livy.StatementRequest{Code: code, Kind: livy.KindSpark, SourceID: "cell of " + code})
		if err == nil {
			stmt, err = client.WaitStatement(t.Context(), s.ID, stmt, nil)
		}
		if err != nil || string(stmt.Output.Data["text/plain"]) != `"2"` || stmt.SourceID != "cell of "+code {
			t.Errorf("statement %+v, error %v", stmt, err)
		}
	}
	found, err := client.Sessions(t.Context())
	if err != nil || len(found) != 1 || found[0].ID != s.ID || found[0].Tags["livy-kernel"] != "7" || found[0].State != livy.SessionIdle {
		t.Errorf("listed %+v, %v", found, err)
	}
	for _, err := range []error{client.KeepAlive(t.Context(), s.ID), client.DeleteSession(t.Context(), s.ID), client.DeleteSession(t.Context(), s.ID)} {
		if err != nil {
			t.Error(err)
		}
	}
	if n := len(engine.Ran()); n != 2 || srv.Count("POST /sessions/*/statements") != 2 || srv.Count("POST /sessions/*/reset-timeout") != 1 {
		t.Errorf("%d statements ran", n)
	}
	_, err = client.Submit(t.Context(), s.ID, livy.StatementRequest{Code: "1"})
	if !errors.As(err, new(*livy.SessionLostError)) {
		t.Errorf("after the end: %v", err)
	}
}

// TestRow18OnFabric: whatever happens to the answer, the statement is found by
// its sourceId and runs once.
func TestRow18OnFabric(t *testing.T) {
	t.Parallel() // it waits for the pace of polls
	for name, fault := range map[string]livytest.Fault{
		"reset": livytest.ResetAfterAcceptance(), "Row19": livytest.TruncateJSON(20), "Row20": livytest.StatusAfterAcceptance(504), "500": livytest.StatusAfterAcceptance(500),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, engine, client := startFabric(t, livytest.Fabric{Phases: []livytest.FabricPhase{}})
			s := ready(t, client, nil)
			srv.Inject(statements, fault)
			stmt, err := client.NewSubmitter(s.ID, livy.ForeignStatements).Submit(t.Context(), livy.StatementRequest{Code: "spend()", Kind: livy.KindPySpark})
			if err != nil || stmt.Code != "spend()" {
				t.Errorf("statement %+v, error %v", stmt, err)
			}
			if _, err := client.WaitStatement(t.Context(), s.ID, stmt, nil); err != nil || engine.Runs("spend()") != 1 || srv.Submissions("spend()") != 1 {
				t.Errorf("ran %d times, error %v", engine.Runs("spend()"), err)
			}
		})
	}
}

// TestHighConcurrency: two notebooks, one session, a REPL each; the last one
// out ends it.
func TestHighConcurrency(t *testing.T) {
	t.Parallel() // it waits for the pace of polls
	srv, engine, client := startFabric(t, livytest.Fabric{})
	var repls []livy.HighConcurrencySession
	for range 2 {
		h, err := client.Acquire(t.Context(), livy.HighConcurrencyRequest{CreateSessionRequest: livy.CreateSessionRequest{Name: "n"}, SessionTag: "sales"})
		if err == nil {
			h, err = client.WaitAcquired(t.Context(), h, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		repls = append(repls, h)
	}
	if repls[0].SessionID != repls[1].SessionID || repls[0].ReplID == repls[1].ReplID || repls[0].ID == repls[1].ID {
		t.Errorf("%+v", repls)
	}
	for i, h := range repls {
		on, err := client.OnRepl(h.ReplID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := on.WaitSession(t.Context(), livy.Session{ID: h.SessionID}, nil); err != nil {
			t.Fatal(err)
		}
		srv.Inject("POST /highConcurrencySessions/*/repls/*/statements", livytest.ResetAfterAcceptance())
		stmt, err := on.NewSubmitter(h.SessionID, livy.NoStatements).Submit(t.Context(), livy.StatementRequest{Code: "x", Kind: livy.KindPySpark})
		if err == nil {
			stmt, err = on.WaitStatement(t.Context(), h.SessionID, stmt, nil)
		}
		if err != nil || stmt.ID != "0" {
			t.Errorf("REPL %d: statement %+v, error %v", i, stmt, err)
		}
		for _, err := range []error{on.Cancel(t.Context(), h.SessionID, stmt.ID), on.KeepAlive(t.Context(), h.SessionID)} {
			if err != nil {
				t.Errorf("REPL %d: %v", i, err)
			}
		}
	}
	if engine.Runs("x") != 2 || srv.Count("POST /sessions/*/statements") != 0 {
		t.Errorf("ran %d times", engine.Runs("x"))
	}
	for i, h := range repls {
		if err := client.Release(t.Context(), h.ID); err != nil {
			t.Error(err)
		}
		_, err := client.Session(t.Context(), h.SessionID)
		if last := i == len(repls)-1; (err != nil) != last {
			t.Errorf("session after release %d: %v", i, err)
		}
	}
	if err := client.Release(t.Context(), repls[0].ID); err != nil {
		t.Errorf("second release: %v", err)
	}
}

// TestAcquireIsLookedUpWhereAnIDCame: with the id in its address, an answer that
// is cut off is an acquire all the same.
func TestAcquireIsLookedUpWhereAnIDCame(t *testing.T) {
	const id = "7e7a0000-0000-4000-8000-00000000d001"
	synctest.Test(t, func(t *testing.T) {
		server := &replies{answers: []reply{
			{202, map[string]string{"Location": fabricURL + "/highConcurrencySessions/" + id}, `{"id":"7e7a`},
			{200, nil, `{"id":"` + id + `","state":"Idle","sessionId":"s","replId":"r"}`},
		}}
		client, err := livy.New(fabricURL, livy.WithTransport(server))
		if err != nil {
			t.Fatal(err)
		}
		h, err := client.Acquire(t.Context(), livy.HighConcurrencyRequest{SessionTag: "ours"})
		if err == nil {
			h, err = client.WaitAcquired(t.Context(), h, nil)
		}
		if err != nil || h.ID != id || h.SessionID != "s" || len(server.requests) != 2 {
			t.Errorf("%+v after %d requests, error %v", h, len(server.requests), err)
		}
	})
}

// TestAcquireAnswers that are not to be trusted, or not final.
func TestAcquireAnswers(t *testing.T) {
	const id = `"id":"a"`
	for _, c := range []struct {
		name, post, get string
		status          int
		want            string
		uncertain       bool
	}{
		{"another tag", `{` + id + `,"sessionTag":"theirs"}`, "", 202, "acquire high-concurrency session: the answer is about another session tag", false},
		{"no id", `{}`, "", 202, "outcome unknown: acquire high-concurrency session: the answer names no session", true},
		{"gateway", ``, "", 504, "outcome unknown: acquire high-concurrency session: the server answered 504: Gateway Timeout", true},
		{"hostile id", `{"id":"../sessions"}`, "", 202, "outcome unknown: acquire high-concurrency session: the answer names no session", true},
		{"hostile REPL", `{` + id + `}`, `{` + id + `,"state":"Idle","sessionId":"s","replId":"../x"}`, 202, `get high-concurrency session: the answer is not what the Livy API describes: REPL id "../x" may not stand in a path`, false},
		{"another one", `{` + id + `}`, `{"id":"b","state":"Idle","sessionId":"s","replId":"r"}`, 202, "get high-concurrency session: asked for a, the answer is about b", false},
		{"another session", `{` + id + `,"sessionId":"s"}`, `{` + id + `,"state":"Idle","sessionId":"t","replId":"r"}`, 202, "wait for high-concurrency session: it moved from session s to t", false},
		{"failed", `{` + id + `,"state":"NotStarted"}`, `{` + id + `,"state":"Failed"}`, 202, "session did not start: failed after 1s", false},
		{"full", `{"errorCode":"C","message":"no capacity"}`, "", 403, "acquire high-concurrency session: the server answered 403: no capacity (C)", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				posts := 0
				client := onFabric(t, func(r *http.Request) (int, string) {
					if r.Method == http.MethodPost {
						posts++
						return c.status, c.post
					}
					return 200, c.get
				})
				h, err := client.Acquire(t.Context(), livy.HighConcurrencyRequest{SessionTag: "ours"})
				if err == nil {
					_, err = client.WaitAcquired(t.Context(), h, nil)
				}
				if err == nil || err.Error() != c.want || errors.As(err, new(*livy.UncertainError)) != c.uncertain || posts != 1 {
					t.Errorf("%d POSTs, error %v\nwant %s", posts, err, c.want)
				}
			})
		})
	}
	apache, err := livy.New("http://h")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := apache.Acquire(t.Context(), livy.HighConcurrencyRequest{}); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("on Apache Livy: %v", err)
	}
	if _, err := apache.OnRepl(livy.ReplID(strings.Repeat("../", 3))); err == nil {
		t.Error("a hostile REPL is taken")
	}
}
