// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
)

// endless writes to w until its reader has had enough, and counts.
func endless(w io.Writer, sent *atomic.Int64) {
	zeros := make([]byte, 1<<20)
	for {
		n, err := w.Write(zeros)
		sent.Add(int64(n))
		if err != nil {
			return
		}
	}
}

// TestRow73BodiesAreBounded: the client hangs up on what has no end, and takes
// no more of it than it would of an answer.
func TestRow73BodiesAreBounded(t *testing.T) {
	const limit = 64<<20 + 32<<20 // of a body, and what is on its way
	for name, c := range map[string]struct {
		serve func(w http.ResponseWriter, sent *atomic.Int64)
		want  error // nil for any
	}{
		"gzip bomb": {func(w http.ResponseWriter, _ *atomic.Int64) {
			w.Header().Set("Content-Encoding", "gzip")
			endless(gzip.NewWriter(w), new(atomic.Int64)) // what it expands to is not sent
		}, livy.ErrTooLarge},
		"endless chunks": {func(w http.ResponseWriter, sent *atomic.Int64) { endless(w, sent) }, livy.ErrTooLarge},
		"10 GiB": {func(w http.ResponseWriter, sent *atomic.Int64) {
			w.Header().Set("Content-Length", "10737418240")
			endless(w, sent)
		}, livy.ErrTooLarge},
		"endless refusal": {func(w http.ResponseWriter, sent *atomic.Int64) {
			w.WriteHeader(http.StatusForbidden)
			endless(w, sent)
		}, nil},
		"header of 10 MiB": {func(w http.ResponseWriter, _ *atomic.Int64) {
			w.Header().Set("X-Long", strings.Repeat("x", 10<<20))
			_, _ = io.WriteString(w, `{"id":0,"state":"idle"}`) // the client may have gone
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var sent atomic.Int64
			client := serveHTTP(t, func(w http.ResponseWriter, _ *http.Request) { c.serve(w, &sent) })
			err := client.DeleteSession(t.Context(), "0") // which is tried once
			if err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("error is %v", err)
			}
			if n := sent.Load(); n > limit {
				t.Errorf("%d bytes were taken", n)
			}
		})
	}
}

// TestRow75LinksInBodies are shown, and never followed.
func TestRow75LinksInBodies(t *testing.T) {
	const elsewhere = "http://169.254.169.254/latest/meta-data"
	for name, endpoint := range map[string]string{"apache": "http://livy", "fabric": fabricURL} {
		t.Run(name, func(t *testing.T) {
			client, err := livy.New(endpoint, livy.WithTransport(scripted(func(r *http.Request) (int, string) {
				if r.URL.Host == "169.254.169.254" {
					t.Errorf("%s %s", r.Method, r.URL)
				}
				if strings.HasSuffix(r.URL.Path, "/sessions") {
					return 200, `{"from":0,"total":1,"sessions":[],"value":[],"items":[],"nextLink":"` + elsewhere + `","continuationUri":"` + elsewhere + `","@odata.nextLink":"` + elsewhere + `"}`
				}
				return 200, `{"id":"0","state":"idle","appInfo":{"sparkUiUrl":"` + elsewhere + `","driverLogUrl":"` + elsewhere + `"},"log":["x"]}`
			})))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := client.Sessions(t.Context()); err != nil {
				t.Error(err)
			}
			s, err := client.Session(t.Context(), "0")
			if err != nil || s.AppInfo["sparkUiUrl"] != elsewhere {
				t.Errorf("session %+v, error %v", s, err)
			}
		})
	}
}
