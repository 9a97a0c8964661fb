// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package recording

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/server"
)

// liar changes the answers of a server.
type liar struct {
	http.RoundTripper
	lie func(r *http.Request, status int, body string) (int, string)
}

func (l liar) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	status, text := l.lie(r, resp.StatusCode, string(body))
	resp.StatusCode, resp.Body = status, io.NopCloser(bytes.NewReader([]byte(text)))
	return resp, nil
}

// TestReplaySeesLies is the test of the test: each way of being wrong shows.
func TestReplaySeesLies(t *testing.T) {
	replaceAll := func(old, with string) func(*http.Request, int, string) (int, string) {
		return func(_ *http.Request, status int, body string) (int, string) {
			return status, strings.ReplaceAll(body, old, with)
		}
	}
	turns := 0
	cases := []struct {
		name, path string
		lie        func(r *http.Request, status int, body string) (int, string)
	}{
		{"nothing", "", replaceAll("a", "a")},
		{"another success", "status", func(r *http.Request, status int, body string) (int, string) {
			if r.Method == http.MethodPost {
				status = 200
			}
			return status, body
		}},
		{"a key less", "$.proxyUser", replaceAll(`"proxyUser":null,`, "")},
		{"a string for null", "$.owner", replaceAll(`"owner":null`, `"owner":""`)},
		{"another MIME type", "$.output.data.text/html", replaceAll("text/plain", "text/html")},
		{"an output that failed", "$.output.status", replaceAll(`"status":"ok"`, `"status":"error"`)},
		{"a state that never comes", "$.state", replaceAll(`"available"`, `"running"`)},
		{"another end", "$.state", replaceAll(`"available"`, `"cancelled"`)},
		{"back to starting", "$.state", func(r *http.Request, status int, body string) (int, string) {
			if r.URL.Path == "/sessions/0" && strings.Contains(body, `"idle"`) {
				if turns++; turns > 1 {
					body = strings.ReplaceAll(body, `"idle"`, `"starting"`)
				}
			}
			return status, body
		}},
	}
	s, err := Load("session_create_pyspark")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			engine := newPlayback(s)
			srv := server.New(engine)
			transport := server.NewTransport(srv)
			diffs, err := Replay(t.Context(), s, Target{
				Transport: liar{transport, c.lie}, BeforeStep: engine.reach,
				Patience: 100 * time.Millisecond, Poll: time.Millisecond,
			})
			if err != nil {
				t.Error(err)
			}
			found := c.path == "" && len(diffs) == 0
			for _, d := range diffs {
				found = found || d.Path == c.path
			}
			if !found {
				t.Errorf("differences %v, want one at %q", diffs, c.path)
			}
			if err := transport.Close(); err != nil {
				t.Error(err)
			}
			if err := srv.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
}
