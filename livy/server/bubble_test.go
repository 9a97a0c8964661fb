// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// bubble is a server on a scripted engine in a bubble of test time.
type bubble struct {
	t      *testing.T
	engine *livytest.Engine
	srv    *server.Server
}

// inBubble runs test with a server that it closes at the end.
func inBubble(t *testing.T, test func(b bubble), opts ...server.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		engine := livytest.NewEngine()
		b := bubble{t, engine, server.New(engine, opts...)}
		test(b)
		if err := b.srv.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if n := engine.Living(); n != 0 {
			t.Errorf("%d drivers live on", n)
		}
	})
}

// do serves one request. It returns when the server has answered.
func (b bubble) do(method, path, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	b.srv.ServeHTTP(w, httptest.NewRequestWithContext(b.t.Context(), method, path, strings.NewReader(body)))
	return w
}

// want serves one request and compares the status and, unless want is empty,
// a part of the body.
func (b bubble) want(method, path, body string, status int, want string) {
	b.t.Helper()
	w := b.do(method, path, body)
	if w.Code != status || !strings.Contains(w.Body.String(), want) {
		b.t.Errorf("%s %s %s: %d %s; want %d %s", method, path, body, w.Code, w.Body, status, want)
	}
}

// session makes a session and waits until its driver has started.
func (b bubble) session(body string) string {
	b.t.Helper()
	w := b.do("POST", "/sessions", body)
	if w.Code != 201 {
		b.t.Fatalf("POST /sessions %s: %d %s", body, w.Code, w.Body)
	}
	synctest.Wait()
	return w.Header().Get("Location")
}

// submit submits code and returns the statement's path.
func (b bubble) submit(session, code string) string {
	b.t.Helper()
	body, err := json.Marshal(livy.StatementRequest{Code: code})
	if err != nil {
		b.t.Fatal(err)
	}
	w := b.do("POST", session+"/statements", string(body))
	if w.Code != 201 {
		b.t.Fatalf("POST %s/statements: %d %s", session, w.Code, w.Body)
	}
	synctest.Wait()
	return w.Header().Get("Location")
}

// statement gets a statement.
func (b bubble) statement(path string) livy.Statement {
	b.t.Helper()
	var st livy.Statement
	if w := b.do("GET", path, ""); w.Code != 200 {
		b.t.Fatalf("GET %s: %d %s", path, w.Code, w.Body)
	} else if err := json.Unmarshal(w.Body.Bytes(), &st); err != nil {
		b.t.Fatal(err)
	}
	return st
}
