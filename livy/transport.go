// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"time"
)

// How long the phases of a request may take. A body is bounded by its size and
// by its silences, not by time: results may be large and lines slow.
const (
	dialTimeout    = 10 * time.Second
	tlsTimeout     = 10 * time.Second
	answerTimeout  = 60 * time.Second  // from the start to the header of the answer
	createTimeout  = 180 * time.Second // the same for POST /sessions
	silenceTimeout = 60 * time.Second  // between two pieces of a body
	onceTimeout    = 5 * time.Minute   // for a body that no context cuts off
	// idleTimeout is below the 30 s after which Jetty, Livy's HTTP server, closes
	// an idle connection: a POST that meets such an end has an unknown outcome.
	idleTimeout    = 25 * time.Second
	maxHeaderBytes = 1 << 20
	// maxBodyBytes bounds an answer after decompression, maxErrorBytes one that
	// only tells an error.
	maxBodyBytes  = 64 << 20
	maxErrorBytes = 1 << 20
)

// newTransport returns the transport of a client that was given none. roots
// may be nil for the system's, proxy for none.
func newTransport(roots *x509.CertPool, proxy func(*http.Request) (*url.URL, error)) *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  proxy,
		DialContext:            counted(dialer.DialContext),
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:    tlsTimeout,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		ForceAttemptHTTP2:      true,
		// A connection that died while the machine slept is found out by a ping.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second},
	}
}
