// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
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
