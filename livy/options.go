// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"crypto/x509"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

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
