// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package authtest

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Authority is a sign-in service with one tenant. Its methods may be called
// while it serves.
type Authority struct {
	URL    string // https, without a path
	Tenant string // the tenant's GUID
	Domain string // the tenant's domain

	server *httptest.Server // nil where it serves in process
	mux    *http.ServeMux
	key    []byte // signs access tokens

	mu        sync.Mutex
	tokenLife time.Duration
	codeLife  time.Duration
	apps      map[string]App
	users     map[string]User
	codes     map[string]*grant  // of the authorization code flow
	devices   map[string]*device // by device code
	refresh   map[string]*grant
	access    map[string]*Token
	seen      map[string]bool // ids of assertions
	intercept []*interceptor
	journal   []Entry
	secrets   []string
	count     int
}

// Option changes an Authority.
type Option func(*Authority)

// InProcess has the authority listen nowhere: requests reach it by Transport
// only. So it works inside a synctest bubble.
func InProcess() Option { return func(a *Authority) { a.URL = "https://login.example" } }

// TokenLife is how long access tokens last, an hour by default.
func TokenLife(d time.Duration) Option { return func(a *Authority) { a.tokenLife = d } }

// CodeLife is how long a device code can be entered, 15 minutes by default.
func CodeLife(d time.Duration) Option { return func(a *Authority) { a.codeLife = d } }

// New starts an authority. Close ends it.
func New(opts ...Option) *Authority {
	a := &Authority{
		Tenant: "11111111-2222-4333-8444-555555555555", Domain: "contoso.example",
		tokenLife: time.Hour, codeLife: 15 * time.Minute,
		apps: map[string]App{}, users: map[string]User{}, codes: map[string]*grant{}, devices: map[string]*device{},
		refresh: map[string]*grant{}, access: map[string]*Token{}, seen: map[string]bool{},
	}
	a.key = []byte(a.random("key"))
	for _, opt := range opts {
		opt(a)
	}
	a.mux = http.NewServeMux()
	a.mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", a.tenants(a.configuration))
	a.mux.HandleFunc("GET /{tenant}/oauth2/v2.0/authorize", a.tenants(a.authorize))
	a.mux.HandleFunc("POST /{tenant}/oauth2/v2.0/devicecode", a.tenants(a.deviceCode))
	a.mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", a.tenants(a.tokens))
	a.mux.HandleFunc("GET /device", func(w http.ResponseWriter, _ *http.Request) { a.showDevicePage(w, "", http.StatusOK) })
	a.mux.HandleFunc("POST /device", a.enterCode)
	if a.URL == "" {
		a.server = httptest.NewUnstartedServer(a)
		a.server.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that clients break off
		a.server.StartTLS()
		a.URL = a.server.URL
	}
	return a
}

// Close ends the authority.
func (a *Authority) Close() {
	if a.server != nil {
		a.server.Close()
	}
}

// Certificate returns the certificate that the authority's TLS shows.
func (a *Authority) Certificate() *x509.Certificate { return a.server.Certificate() }

// Transport returns what carries requests to the authority and to nowhere else
// but, for a browser's sake, to loopback addresses over plain http.
func (a *Authority) Transport() http.RoundTripper {
	if a.server != nil {
		return a.server.Client().Transport
	}
	return inProcess{a}
}

type inProcess struct{ authority *Authority }

// RoundTrip implements http.RoundTripper.
func (t inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	if got := req.URL.Scheme + "://" + req.URL.Host; got != t.authority.URL {
		return nil, errors.New("authtest: a request to " + got)
	}
	if req.Body != nil {
		defer req.Body.Close()
	}
	recorder := httptest.NewRecorder()
	t.authority.ServeHTTP(recorder, req)
	return recorder.Result(), nil
}

// ServeHTTP implements http.Handler.
func (a *Authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "form", http.StatusBadRequest)
		return
	}
	a.note(r)
	a.mu.Lock()
	next := a.intercept
	a.mu.Unlock()
	for _, i := range next {
		if i.answers(w, r) {
			return
		}
	}
	a.mux.ServeHTTP(w, r)
}

// tenants lets requests to known tenants through.
func (a *Authority) tenants(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains([]string{a.Tenant, a.Domain, "organizations", "common"}, r.PathValue("tenant")) {
			a.refuse(w, Refusal{Code: 90002, Error: "invalid_request", Text: fmt.Sprintf("Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.", r.PathValue("tenant"))})
			return
		}
		next(w, r)
	}
}

func (a *Authority) configuration(w http.ResponseWriter, r *http.Request) {
	base := a.URL + "/" + url.PathEscape(r.PathValue("tenant"))
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                base + "/v2.0",
		"authorization_endpoint":                base + "/oauth2/v2.0/authorize",
		"token_endpoint":                        base + "/oauth2/v2.0/token",
		"device_authorization_endpoint":         base + "/oauth2/v2.0/devicecode",
		"response_modes_supported":              []string{"query", "fragment", "form_post"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt"},
	})
}
