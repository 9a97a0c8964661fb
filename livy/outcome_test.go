// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"bufio"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
)

// TestWhatAStatusSays: nothing was run, or nobody knows.
func TestWhatAStatusSays(t *testing.T) {
	for _, c := range []struct {
		status  int
		body    string
		refused bool
	}{
		{302, "", true}, {303, "", false}, {304, "", false}, {307, "", true},
		{400, "", true}, {401, "", true}, {403, "", true}, {405, "", true}, {409, "", true}, {413, "", true}, {429, "", true}, {430, "", true},
		{408, "", false}, {499, "", false},
		{500, "", false}, {501, "", false}, {502, "", false}, {503, "", false}, {504, "", false},
		{500, `"java.util.concurrent.ExecutionException: Invalid kind: x"`, true},
		{502, `{"msg":"requirement failed: Session isn't active."}`, false},
		{503, `{"msg":"java.lang.IllegalStateException: Session is in state dead"}`, false},
	} {
		client := serveHTTP(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		}, livy.WithThrottleMax(0))
		_, err := client.Submit(t.Context(), "0", livy.StatementRequest{Code: "1"})
		if uncertain := errors.As(err, new(*livy.UncertainError)); uncertain == c.refused || errors.As(err, new(*livy.SessionLostError)) {
			t.Errorf("%d %s: error is %T %v", c.status, c.body, err, err)
		}
	}
}

// serveRaw gives each request to answer and writes what it returns; closes
// tells to close the connection after it.
func serveRaw(t *testing.T, answer func(*http.Request) (text string, closes bool)) (endpoint string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	serve := func(conn net.Conn) {
		defer conn.Close()
		in := bufio.NewReader(conn)
		for {
			req, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			_, _ = io.Copy(io.Discard, req.Body)
			text, closes := answer(req)
			if _, err := io.WriteString(conn, text); err != nil || closes {
				return
			}
		}
	}
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serve(conn)
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-done
	})
	return "http://" + listener.Addr().String()
}

const rawIdle = "HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n{\"id\":0,\"state\":\"idle\"}"

// TestStaleConnectionOfADelete: unlike a submission it is sent again, or the
// session would live on, and cost.
func TestStaleConnectionOfADelete(t *testing.T) {
	for _, c := range []struct {
		name string
		call func(*livy.Client) error
	}{
		{"delete", func(c *livy.Client) error { return c.DeleteSession(t.Context(), "0") }},
		{"cancel", func(c *livy.Client) error { return c.Cancel(t.Context(), "0", "1") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			var tries atomic.Int32
			endpoint := serveRaw(t, func(r *http.Request) (string, bool) {
				if r.Header.Get("Idempotency-Key") != "" || len(r.Header["Idempotency-Key"]) > 0 {
					t.Error("an Idempotency-Key was sent")
				}
				if r.Method != http.MethodGet && tries.Add(1) == 1 {
					return "", true
				}
				return rawIdle, false
			})
			client, err := livy.New(endpoint)
			if err != nil {
				t.Fatal(err)
			}
			defer client.CloseIdleConnections()
			if _, err := client.Session(t.Context(), "0"); err != nil {
				t.Fatal(err)
			}
			if err := c.call(client); err != nil || tries.Load() != 2 {
				t.Errorf("sent %d times, error %v", tries.Load(), err)
			}
		})
	}
}

// TestSubmissionIsNotReplayed: net/http sends what is idempotent again on a
// new connection when a kept one breaks; a statement must not be.
func TestSubmissionIsNotReplayed(t *testing.T) {
	var posts atomic.Int32
	endpoint := serveRaw(t, func(r *http.Request) (string, bool) {
		if r.Method == http.MethodPost {
			posts.Add(1)
			return "", true
		}
		return rawIdle, false
	})
	client, err := livy.New(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseIdleConnections()
	if _, err := client.Session(t.Context(), "0"); err != nil { // a connection is kept now
		t.Fatal(err)
	}
	_, err = client.Submit(t.Context(), "0", livy.StatementRequest{Code: "spend()"})
	if !errors.As(err, new(*livy.UncertainError)) || posts.Load() != 1 {
		t.Errorf("%d posts, error %v", posts.Load(), err)
	}
}

// TestHTTP2: a stream that is reset leaves the outcome open as a connection does.
func TestHTTP2(t *testing.T) {
	var posts atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("%s %s came by %s", r.Method, r.URL, r.Proto)
		}
		if r.Method == http.MethodPost {
			posts.Add(1)
			panic(http.ErrAbortHandler) // resets the stream
		}
		_, _ = io.WriteString(w, `{"id":0,"state":"idle"}`)
	}))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	defer srv.Close()
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	client, err := livy.New(srv.URL, livy.WithRootCAs(roots))
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseIdleConnections()
	if _, err := client.Session(t.Context(), "0"); err != nil {
		t.Error(err)
	}
	_, err = client.Submit(t.Context(), "0", livy.StatementRequest{Code: "spend()"})
	if !errors.As(err, new(*livy.UncertainError)) || posts.Load() != 1 {
		t.Errorf("%d posts, error %v", posts.Load(), err)
	}
}
