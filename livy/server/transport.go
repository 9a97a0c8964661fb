// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// Transport reaches an http.Handler inside the process, without a port: a
// real HTTP server listens on in-memory connections and a real http.Transport
// dials them. Connection reuse, resets and httptrace behave as over a network.
// Close it when done; it is safe for concurrent use.
type Transport struct {
	client   *http.Transport
	server   *http.Server
	listener *pipeListener
	served   chan struct{}
}

// NewTransport serves handler, commonly a [Server], to the returned transport.
// The host of a request's URL is free.
func NewTransport(handler http.Handler) *Transport {
	l := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	t := &Transport{
		client: &http.Transport{
			DialContext:         l.dial,
			MaxIdleConnsPerHost: 4,
			IdleConnTimeout:     time.Minute,
			DisableCompression:  true, // Bytes never leave the process.
		},
		server:   &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second},
		listener: l,
		served:   make(chan struct{}),
	}
	go func() {
		defer close(t.served)
		_ = t.server.Serve(l) // Always http.ErrServerClosed: Close ends it.
	}()
	return t
}

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) { return t.client.RoundTrip(r) }

// CloseIdleConnections lets http.Client.CloseIdleConnections work.
func (t *Transport) CloseIdleConnections() { t.client.CloseIdleConnections() }

// Close resets every connection and waits for the server's end. It does not
// close the handler.
func (t *Transport) Close() error {
	err := t.server.Close()
	<-t.served
	t.client.CloseIdleConnections()
	return err
}

// pipeListener is a net.Listener whose connections are made by dial.
type pipeListener struct {
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	var err error
	select {
	case l.conns <- server:
		return client, nil
	case <-l.closed:
		err = net.ErrClosed
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	return nil, &net.OpError{Op: "dial", Net: "pipe", Err: errors.Join(err, client.Close(), server.Close())}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }
