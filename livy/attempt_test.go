// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// statementServer answers every request with a statement and counts them.
func statementServer(t *testing.T) (*httptest.Server, *atomic.Int32) {
	var seen atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return // the request was cut off: it has not come
		}
		seen.Add(1)
		_, _ = io.WriteString(w, `{"id":0,"state":"available"}`)
	}))
	t.Cleanup(srv.Close)
	return srv, &seen
}

// clientThrough returns a client whose connections are what wrap makes of them.
func clientThrough(t *testing.T, endpoint string, wrap func(net.Conn) net.Conn) *Client {
	c, err := New(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	c.transport.(*http.Transport).DialContext = counted(func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return wrap(conn), nil
	})
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// breakingConn breaks in its first write, after some bytes.
type breakingConn struct {
	net.Conn
	after int
}

func (c breakingConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b[:c.after])
	_ = c.Close()
	return n, errors.Join(err, errors.New("connection reset by peer"))
}

func TestRow17ResetBeforeAccept(t *testing.T) {
	srv, seen := statementServer(t)
	dials := 0
	c := clientThrough(t, srv.URL, func(conn net.Conn) net.Conn {
		if dials++; dials <= 2 {
			return breakingConn{conn, 0}
		}
		return conn
	})
	s, err := c.Submit(t.Context(), "0", StatementRequest{Code: "spend()"})
	if err != nil || s.State != StatementAvailable {
		t.Errorf("statement %+v, error %v", s, err)
	}
	if dials != 3 || seen.Load() != 1 {
		t.Errorf("%d connections, %d requests came", dials, seen.Load())
	}
}

func TestRow17OneByteWritten(t *testing.T) {
	srv, seen := statementServer(t)
	dials := 0
	c := clientThrough(t, srv.URL, func(conn net.Conn) net.Conn {
		dials++
		return breakingConn{conn, 1}
	})
	_, err := c.Submit(t.Context(), "0", StatementRequest{Code: "spend()"})
	if uncertain := new(UncertainError); !errors.As(err, &uncertain) {
		t.Errorf("error is %v", err)
	}
	if dials != 1 || seen.Load() != 0 {
		t.Errorf("%d connections, %d requests came", dials, seen.Load())
	}
}

// TestTransportThatTellsNothing: a RoundTripper need not support httptrace,
// and then a failed POST may have arrived.
func TestTransportThatTellsNothing(t *testing.T) {
	sent := 0
	c, err := New("http://livy", WithTransport(roundTrip(func(*http.Request) (*http.Response, error) {
		sent++
		return nil, errors.New("reset after the server took it")
	})))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Submit(t.Context(), "0", StatementRequest{Code: "spend()"})
	if uncertain := new(UncertainError); !errors.As(err, &uncertain) || sent != 1 {
		t.Errorf("sent %d times, error %v", sent, err)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestBackgroundDial: a dial that goes on behind a connection that came free
// must not make a sent request look unsent.
func TestBackgroundDial(t *testing.T) {
	a := &attempt{phase: PhaseTCP}
	trace := a.trace()
	trace.GetConn("")
	trace.ConnectStart("tcp", "")
	client, server := net.Pipe()
	defer client.Close()
	defer server.Close()
	a.connected(client)
	trace.ConnectDone("tcp", "", nil)
	trace.TLSHandshakeStart()
	if !a.mayHaveArrived() {
		t.Error("the request counts as unsent")
	}
}

// TestRow77ProxyRefuses names the proxy's phase, sends nothing and keeps the
// proxy's password to itself.
func TestRow77ProxyRefuses(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if req, err := http.ReadRequest(bufio.NewReader(conn)); err == nil && req.Method == http.MethodConnect {
				_, _ = io.WriteString(conn, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
			}
			_ = conn.Close()
		}
	}()
	c, err := New("https://livy.invalid")
	if err != nil {
		t.Fatal(err)
	}
	proxy := &url.URL{Scheme: "http", User: url.UserPassword("u", "canary"), Host: listener.Addr().String()}
	c.transport.(*http.Transport).Proxy = http.ProxyURL(proxy)
	_, err = c.Submit(t.Context(), "0", StatementRequest{Code: "1"})
	const want = "submit statement: no answer from livy.invalid (proxy, tried 4 times): Proxy Authentication Required"
	if err == nil || err.Error() != want {
		t.Errorf("error is %v\nwant     %s", err, want)
	}
	_ = listener.Close()
	<-done
	proxy.Host = "127.0.0.1:1"              // Nobody listens there; the listener's port may be another's by now.
	err = c.DeleteSession(t.Context(), "0") // tried once
	var transport *TransportError
	if !errors.As(err, &transport) || transport.Phase != PhaseProxy || strings.Contains(err.Error(), "canary") {
		t.Errorf("a proxy that is not there: %v", err)
	}
}
