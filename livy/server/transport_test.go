// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/livy-kernel/livy-kernel/livy/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestTransportIsHTTP pins what a client's retry rules build upon: reuse of
// connections, httptrace, and errors where a connection breaks.
func TestTransportIsHTTP(t *testing.T) {
	transport := server.NewTransport(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if r.URL.Path == "/hangup" {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			conn.Close()
			return
		}
		if _, err := w.Write(body); err != nil {
			t.Error(err)
		}
	}))
	client := &http.Client{Transport: transport}
	big := strings.Repeat("x", 1<<20)
	var reused []bool
	wrote := 0
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		GotConn:      func(i httptrace.GotConnInfo) { reused = append(reused, i.Reused) },
		WroteRequest: func(httptrace.WroteRequestInfo) { wrote++ },
	})
	for range 2 {
		if got, err := post(ctx, client, "http://livy/echo", big); err != nil || got != big {
			t.Fatalf("%d bytes came back, %v", len(got), err)
		}
	}
	if len(reused) != 2 || reused[0] || !reused[1] || wrote != 2 {
		t.Errorf("connections reused %v, requests written %d", reused, wrote)
	}
	if _, err := post(t.Context(), client, "http://livy/hangup", "x"); err == nil {
		t.Error("a connection that broke gave no error")
	}
	client.CloseIdleConnections()
	if err := transport.Close(); err != nil {
		t.Error(err)
	}
	if _, err := post(t.Context(), client, "http://livy/echo", "x"); !errors.Is(err, net.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestTransportCloseBreaksRequests(t *testing.T) {
	entered, done := make(chan struct{}), make(chan struct{})
	transport := server.NewTransport(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
		close(done)
	}))
	failed := make(chan error)
	go func() {
		_, err := post(context.WithoutCancel(t.Context()), &http.Client{Transport: transport}, "http://livy/", "")
		failed <- err
	}()
	<-entered
	if err := transport.Close(); err != nil {
		t.Error(err)
	}
	if err := <-failed; err == nil {
		t.Error("the request did not fail")
	}
	<-done
}

func post(ctx context.Context, c *http.Client, url, body string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	resp, err := c.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	return string(got), err
}
