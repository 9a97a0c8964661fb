// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

const (
	// maxAnswer bounds an answer of the sign-in service.
	maxAnswer = 1 << 20
	// answerTime bounds one request to it.
	answerTime = 30 * time.Second
	// maxTries and maxPause bound how a service that is busy is asked again.
	maxTries = 3
	maxPause = 10 * time.Second
)

// client is the HTTP client that MSAL is given. It speaks with the authority
// only, whatever the authority's own description says, and follows no redirect:
// the requests carry secrets.
type client struct {
	authority *url.URL
	origin    auth.Origin
	http      *http.Client
}

func newClient(o Options) (*client, error) {
	c := &client{}
	var err error
	if c.authority, err = url.Parse(o.Authority); err != nil {
		return nil, &OptionError{"authority", "is not a URL"}
	}
	if c.origin, err = auth.ParseOrigin(o.Authority); err != nil {
		return nil, err
	}
	transport := o.Transport
	if transport == nil {
		transport = newTransport(o)
	}
	c.http = &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c, nil
}

func newTransport(o Options) http.RoundTripper {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	return &http.Transport{
		Proxy: o.Proxy, DialContext: dialer.DialContext,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.RootCAs},
		TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 30 * time.Second,
		MaxResponseHeaderBytes: 1 << 20, ForceAttemptHTTP2: true,
	}
}

// Do implements MSAL's HTTPClient. Where no answer comes, the error is an
// *auth.UnreachableError.
func (c *client) Do(req *http.Request) (*http.Response, error) {
	if err := c.origin.Check(req.URL); err != nil {
		return nil, &auth.SignInError{Meaning: "the sign-in service at " + c.authority.Host + " refers to another one; check the authority of the profile"}
	}
	for tries := 1; ; tries++ {
		resp, err := c.once(req)
		if tries == maxTries || !busy(resp, err) || req.Body != nil && req.GetBody == nil {
			return resp, err
		}
		wait := retryAfter(resp, tries)
		if resp != nil {
			_ = resp.Body.Close() // it was read already
		}
		if err := sleep(req.Context(), wait); err != nil {
			return nil, err
		}
		if req.GetBody != nil {
			if req.Body, err = req.GetBody(); err != nil {
				return nil, err
			}
		}
	}
}

// CloseIdleConnections implements MSAL's HTTPClient.
func (c *client) CloseIdleConnections() { c.http.CloseIdleConnections() }

// once sends req and reads the whole answer.
func (c *client) once(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), answerTime)
	defer cancel()
	var way way
	resp, err := c.http.Do(req.WithContext(httptrace.WithClientTrace(ctx, way.trace()))) //nolint:gosec // only to the authority, see Do
	if err == nil {
		resp.Body, err = whole(resp.Body)
	}
	switch {
	case err == nil:
		return resp, nil
	case req.Context().Err() != nil:
		return nil, context.Cause(req.Context())
	}
	var sent *url.Error
	if errors.As(err, &sent) {
		err = sent.Err // without the URL
	}
	return nil, &auth.UnreachableError{Host: c.authority.Host, Phase: way.phase(err), Err: err}
}

// whole reads a body, so that the request's time ends with it.
func whole(body io.ReadCloser) (io.ReadCloser, error) {
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, maxAnswer+1))
	if err == nil && len(data) > maxAnswer {
		err = errors.New("the answer is too big")
	}
	return newBody(data), err
}

// busy reports whether an answer, or the lack of one, may pass by itself.
func busy(resp *http.Response, err error) bool {
	if err != nil {
		var unreachable *auth.UnreachableError
		return errors.As(err, &unreachable) && unreachable.Temporary()
	}
	return resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= http.StatusInternalServerError
}

func retryAfter(resp *http.Response, tries int) time.Duration {
	wait := time.Duration(tries) * time.Second
	if resp != nil {
		if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && seconds > 0 {
			wait = time.Duration(min(seconds, int(maxPause/time.Second))) * time.Second
		}
	}
	return wait
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// way notes how far a request came.
type way struct {
	mu sync.Mutex
	at string
}

// The phases of an auth.UnreachableError, in words that livy uses too.
const (
	phaseDNS     = "DNS"
	phaseTCP     = "TCP"
	phaseProxy   = "proxy"
	phaseTLS     = "TLS"
	phaseTimeout = "time-out"
	phaseHTTP    = "HTTP"
)

func (w *way) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		DNSStart:     func(httptrace.DNSStartInfo) { w.enter(phaseDNS) },
		ConnectStart: func(string, string) { w.enter(phaseTCP) },
		ConnectDone: func(_, _ string, err error) {
			if err == nil {
				w.enter(phaseProxy) // until TLS starts, only a proxy is spoken with
			}
		},
		TLSHandshakeStart: func() { w.enter(phaseTLS) },
		GotConn:           func(httptrace.GotConnInfo) { w.enter(phaseHTTP) },
	}
}

func (w *way) enter(phase string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = phase
}

func (w *way) phase(err error) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var operation *net.OpError
	if errors.As(err, &operation) {
		switch operation.Op {
		case "proxyconnect":
			return phaseProxy
		case "remote error": // a TLS alert, which may come late
			return phaseTLS
		}
	}
	if (w.at == phaseHTTP || w.at == "") && errors.Is(err, context.DeadlineExceeded) {
		return phaseTimeout
	}
	return or(w.at, phaseHTTP)
}

func newBody(data []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(data)) }
