// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livy-kernel/livy-kernel/livy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// client is the plainest client of a server under test.
type client struct {
	t    *testing.T
	http *http.Client
	url  string
}

// start starts a server that the test closes.
func start(t *testing.T, engine *Engine, opts ...Option) (*Server, client) {
	t.Helper()
	srv := NewServer(engine, opts...)
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		if n := engine.Living(); n != 0 {
			t.Errorf("%d drivers live on", n)
		}
	})
	return srv, client{t, srv.Client(), srv.URL}
}

// do sends a request and returns the status and the body.
func (c client) do(method, path, body string) (int, []byte, error) {
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	return resp.StatusCode, got, err
}

// must sends a request that has to succeed and decodes the answer into into.
func (c client) must(method, path, body string, into any) {
	c.t.Helper()
	status, got, err := c.do(method, path, body)
	if err != nil || status >= 300 {
		c.t.Fatalf("%s %s: %d %s %v", method, path, status, got, err)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(got, into); err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
}

// session makes a session and returns its path once it is idle.
func (c client) session(kind livy.Kind) string {
	c.t.Helper()
	var s livy.Session
	c.must("POST", "/sessions", fmt.Sprintf(`{"kind":%q}`, kind), &s)
	path := "/sessions/" + string(s.ID)
	c.eventually("idle", func() bool {
		c.must("GET", path, "", &s)
		return s.State == livy.SessionIdle
	})
	return path
}

// submit submits code and returns the path of the statement.
func (c client) submit(session, code string) string {
	c.t.Helper()
	var st livy.Statement
	c.must("POST", session+"/statements", statementBody(code), &st)
	return session + "/statements/" + string(st.ID)
}

// end polls a statement until it has ended.
func (c client) end(path string) livy.Statement {
	c.t.Helper()
	var st livy.Statement
	c.eventually("the end of "+path, func() bool {
		c.must("GET", path, "", &st)
		return st.State.Terminal()
	})
	return st
}

// eventually asks until ok.
func (c client) eventually(what string, ok func() bool) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 10*time.Second)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			c.t.Fatalf("%s did not come", what)
		}
	}
}

func statementBody(code string) string {
	b, err := json.Marshal(livy.StatementRequest{Code: code})
	if err != nil {
		panic(err) // Strings always marshal.
	}
	return string(b)
}
