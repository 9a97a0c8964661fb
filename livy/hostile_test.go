// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
)

// TestAnswerOfAnotherStatement is not shown as this one's.
func TestAnswerOfAnotherStatement(t *testing.T) {
	client := serveHTTP(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"id":3,"state":"available","output":{"status":"ok"}}`)
	})
	s, err := client.WaitStatement(t.Context(), "0", livy.Statement{ID: "4"}, nil)
	const want = "get statement: asked for 4, the answer is about 3"
	if err == nil || err.Error() != want || s.Output != nil {
		t.Errorf("statement %+v, error %v", s, err)
	}
}

// TestRow75Location gives the id of a session whose body is lost, and is
// asked for nothing else.
func TestRow75Location(t *testing.T) {
	for _, c := range []struct {
		location, body string
		id             livy.SessionID
	}{
		{"/sessions/12", `{"id":12,"sta`, "12"},
		{"/sessions/12", `{"id":null,"state":"starting"}`, "12"},
		{"http://169.254.169.254/latest/sessions/12", "", "12"},
		{"/sessions", "", ""},
		{"/sessions/a%2F..", "", ""},
		{"/statements/3", "", ""},
		{"", "", ""},
		{":\x7f", "", ""},
	} {
		client := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost {
				t.Errorf("%s %s", r.Method, r.URL)
			}
			w.Header()["Location"] = []string{c.location}
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, c.body)
		})
		s, err := client.CreateSession(t.Context(), livy.CreateSessionRequest{})
		if s.ID != c.id || (err == nil) != (c.id != "") {
			t.Errorf("%q %s: session %q, error %v", c.location, c.body, s.ID, err)
		}
	}
}

// TestHostileServerInErrors: what a server sends in place of HTTP is quoted in
// one short line.
func TestHostileServerInErrors(t *testing.T) {
	for name, text := range map[string]string{
		"not HTTP":     "\x1b]0;title\x07" + strings.Repeat("x", 100_000) + "\r\n\r\n",
		"header":       "HTTP/1.1 200 OK\r\n" + strings.Repeat("y", 100_000) + "\r\n\r\n",
		"number":       "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"id\":0,\"name\":" + strings.Repeat("1", 100_000) + "}",
		"redirect":     "HTTP/1.1 302 Found\r\nLocation: https://h:x/%zz?secret\r\nContent-Length: 0\r\n\r\n",
		"cut error":    "HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\n{\"msg\":\"no\"",
		"huge headers": "HTTP/1.1 200 OK\r\nX-A: " + strings.Repeat("z", 2<<20) + "\r\nContent-Length: 8\r\n\r\n{\"id\":0}",
	} {
		t.Run(name, func(t *testing.T) {
			client, err := livy.New(serveRaw(t, func(*http.Request) (string, bool) { return text, true }))
			if err != nil {
				t.Fatal(err)
			}
			defer client.CloseIdleConnections()
			_, err = client.CreateSession(t.Context(), livy.CreateSessionRequest{})
			if err == nil || len(err.Error()) > 800 || strings.ContainsAny(err.Error(), "\x1b\x07\n") || strings.Contains(err.Error(), "secret") {
				t.Errorf("error is %.1000q", err)
			}
		})
	}
}
