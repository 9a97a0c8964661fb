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
	"time"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

const (
	// maxAnswer bounds an answer of the sign-in service.
	maxAnswer = 1 << 20
	// answerTime bounds one request to it.
	answerTime = 30 * time.Second
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
	return io.NopCloser(bytes.NewReader(data)), err
}
