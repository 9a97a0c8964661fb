// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client speaks to one Livy endpoint. It is safe for concurrent use and does
// not change once made.
type Client struct {
	base         *url.URL // without a trailing slash
	transport    http.RoundTripper
	ownTransport bool // and not one that was given
	authorize    Authorizer
	userAgent    string
	log          *slog.Logger
	throttleMax  time.Duration
	budget       Budget // nil for none
	dialect      Dialect
	traits       traits         // of the dialect
	fabric       FabricEndpoint // zero for other dialects
	repl         ReplID         // whose statements the client speaks of; "" for the session's own
}

// Option changes a Client.
type Option func(*settings)

type settings struct {
	authorize Authorizer
	transport http.RoundTripper
	dialect   Dialect
	proxy     func(*http.Request) (*url.URL, error)
	roots     *x509.CertPool
	userAgent string
	log       *slog.Logger

	throttleMax time.Duration
	budget      Budget
}

// WithAuthorizer has each request carry the credentials of a.
func WithAuthorizer(a Authorizer) Option { return func(s *settings) { s.authorize = a } }

// WithDialect has the client speak d. The endpoint's DialectOf is the default,
// and what "" stands for.
func WithDialect(d Dialect) Option { return func(s *settings) { s.dialect = d } }

// WithProxy sends requests through the proxy that choose returns, as in
// http.Transport; there is none by default, whatever the environment says. A
// server on this machine is never asked through one.
func WithProxy(choose func(*http.Request) (*url.URL, error)) Option {
	return func(s *settings) { s.proxy = choose }
}

// WithTransport sends requests through t, for a server inside this process or
// for tests. TLS, proxy and time-outs of connections are then t's affair.
func WithTransport(t http.RoundTripper) Option { return func(s *settings) { s.transport = t } }

// WithRootCAs trusts the certificate authorities of pool in place of the
// system's.
func WithRootCAs(pool *x509.CertPool) Option { return func(s *settings) { s.roots = pool } }

// WithUserAgent names the program in each request.
func WithUserAgent(name string) Option { return func(s *settings) { s.userAgent = name } }

// WithLogger logs requests, without bodies and headers, to log.
func WithLogger(log *slog.Logger) Option { return func(s *settings) { s.log = log } }

// WithThrottleMax bounds for how long a request waits for a server that takes
// no more for now; 10 minutes by default.
func WithThrottleMax(d time.Duration) Option { return func(s *settings) { s.throttleMax = d } }

// WithBudget has every request taken out of b.
func WithBudget(b Budget) Option { return func(s *settings) { s.budget = b } }

// ErrClearText refuses to send credentials over an unencrypted connection to
// another machine.
var ErrClearText = errors.New("livy: credentials are not sent over plain http to another machine; use https")

// New returns a client of the Livy server at endpoint, an http or https URL
// with or without a trailing /sessions; for Fabric see ParseFabricEndpoint. It
// connects to nothing yet.
func New(endpoint string, opts ...Option) (*Client, error) {
	base, err := parseEndpoint(endpoint)
	if err != nil {
		return nil, err
	}
	s := settings{userAgent: "livy-kernel", log: slog.New(slog.DiscardHandler), throttleMax: throttleMax}
	for _, opt := range opts {
		opt(&s)
	}
	if s.dialect == "" {
		s.dialect = DialectOf(endpoint)
	}
	if _, known := dialects[s.dialect]; !known {
		return nil, fmt.Errorf("dialect %.40q is not one of %v", s.dialect, Dialects())
	}
	if s.authorize != nil && base.Scheme == "http" && !loopback(base.Hostname()) {
		return nil, ErrClearText
	}
	c := &Client{
		base: base, transport: s.transport,
		authorize: s.authorize, userAgent: s.userAgent, log: s.log,
		throttleMax: s.throttleMax, budget: s.budget,
		dialect: s.dialect, traits: s.dialect.traits(),
	}
	if c.dialect == DialectFabric {
		if c.fabric, err = fabricEndpoint(base); err != nil {
			return nil, err
		}
		if c.base, err = url.Parse(c.fabric.URL); err != nil {
			return nil, err
		}
	}
	if c.transport == nil {
		proxy := s.proxy
		if loopback(base.Hostname()) {
			proxy = nil
		}
		c.transport, c.ownTransport = newTransport(s.roots, proxy), true
	}
	return c, nil
}

// Dialect returns the dialect that the client speaks.
func (c *Client) Dialect() Dialect { return c.dialect }

// MonitoringURL returns the address of a session's page in a portal, "" where
// the dialect has none.
func (c *Client) MonitoringURL(id SessionID) string {
	if c.dialect != DialectFabric {
		return ""
	}
	return c.fabric.MonitoringURL(id)
}

// CloseIdleConnections closes connections that no request uses.
func (c *Client) CloseIdleConnections() {
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

func parseEndpoint(endpoint string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(endpoint))
	// What could hold a secret comes first, for the others quote the URL.
	switch {
	case err != nil:
		return nil, errors.New("endpoint is not a URL") //nolint:nilerr // err quotes it
	case u.User != nil, strings.Contains(u.Opaque, "@"):
		return nil, errors.New("endpoint holds a user name; credentials are configured apart from it")
	case u.RawQuery != "", u.ForceQuery, u.Fragment != "":
		return nil, errors.New("endpoint has a query or a fragment, which a Livy endpoint never has")
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return nil, fmt.Errorf("endpoint %q is not an http or https URL", u)
	}
	u.Path, u.RawPath = withoutSessions(u.Path), withoutSessions(u.RawPath)
	return u, nil
}

// withoutSessions drops the last part of an endpoint as some portals show it.
func withoutSessions(path string) string {
	return strings.TrimRight(strings.TrimSuffix(strings.TrimRight(path, "/"), "/sessions"), "/")
}

// loopback reports whether host names this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
