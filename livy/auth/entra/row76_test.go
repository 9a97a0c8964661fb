// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	stdlog "log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
)

// unreachable checks that err names the phase, and does so without a secret.
func unreachable(t *testing.T, err error, phase string, temporary bool) {
	t.Helper()
	var none *auth.UnreachableError
	if !errors.As(err, &none) || none.Phase != phase || none.Temporary() != temporary || strings.Contains(err.Error(), "canary") {
		t.Errorf("error is %v, want phase %s", err, phase)
	}
}

// TestRow76TLS: a certificate that is not trusted, one of another host, and an
// old TLS are refused in their phase; a given CA is trusted.
func TestRow76TLS(t *testing.T) {
	a := newAuthority(t)
	o := options(a, FlowClientSecret)
	o.Transport = nil
	_, err := header(t.Context(), newSource(t, o))
	unreachable(t, err, phaseTLS, false)

	o.RootCAs = x509.NewCertPool()
	o.RootCAs.AddCert(a.Certificate())
	good(t, t.Context(), newSource(t, o), a)

	elsewhere := o
	elsewhere.Authority = strings.Replace(a.URL, "127.0.0.1", "localhost", 1)
	_, err = header(t.Context(), newSource(t, elsewhere))
	unreachable(t, err, phaseTLS, false)

	old := httptest.NewUnstartedServer(a)
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	old.Config.ErrorLog = discard
	old.StartTLS()
	defer old.Close()
	o.Authority = old.URL
	o.RootCAs.AddCert(old.Certificate())
	_, err = header(t.Context(), newSource(t, o))
	unreachable(t, err, phaseTLS, false)
}

// TestRow77Proxy: a proxy that refuses, or drops the connection, is named, and
// its password is not.
func TestRow77Proxy(t *testing.T) {
	a := newAuthority(t)
	refuse := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	defer refuse.Close()
	drop, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer drop.Close()
	go func() {
		for {
			conn, err := drop.Accept()
			if err != nil {
				return
			}
			_, _ = bufio.NewReader(conn).ReadString('\n')
			conn.Close()
		}
	}()
	for name, host := range map[string]string{"407": strings.TrimPrefix(refuse.URL, "http://"), "drops": drop.Addr().String()} {
		t.Run(name, func(t *testing.T) {
			o := options(a, FlowClientSecret)
			o.Transport = nil
			o.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: host, User: url.UserPassword("ann", "canary")})
			_, err := header(t.Context(), newSource(t, o))
			unreachable(t, err, phaseProxy, false)
		})
	}
	if len(a.Journal()) != 0 {
		t.Error("the proxy was gone around")
	}
}

// TestBusyService: what passes by itself is tried again, and not for ever.
func TestBusyService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		busy := func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodPost {
				return false
			}
			w.Header().Set("Retry-After", "3")
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		}
		a.Intercept(busy)
		began := time.Now()
		good(t, t.Context(), newSource(t, options(a, FlowClientSecret)), a)
		if waited := time.Since(began); waited != 3*time.Second {
			t.Errorf("waited %s, where the service said 3s", waited)
		}
		for range maxTries {
			a.Intercept(busy)
		}
		_, err := header(t.Context(), newSource(t, options(a, FlowClientSecret)))
		var refused *auth.SignInError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), "503") {
			t.Errorf("error is %v", err)
		}
	})
}

// TestRow79Environment: what a cloned repository may have put into the
// environment changes nothing in where a secret goes.
func TestRow79Environment(t *testing.T) {
	for name, value := range map[string]string{
		"MSAL_FORCE_REGION": "attacker", "REGION_NAME": "attacker", "AZURE_AUTHORITY_HOST": "https://attacker.example",
		"HTTPS_PROXY": "http://attacker.example:1", "https_proxy": "http://attacker.example:1", "AZURE_TENANT_ID": "attacker", "PATH": t.TempDir(),
	} {
		t.Setenv(name, value)
	}
	a := newAuthority(t)
	o := options(a, FlowClientSecret)
	o.Transport = nil
	o.RootCAs = x509.NewCertPool()
	o.RootCAs.AddCert(a.Certificate())
	good(t, t.Context(), newSource(t, o), a)
	for _, entry := range a.Journal() {
		if !strings.HasPrefix(entry.Path, "/"+a.Tenant+"/") {
			t.Errorf("asked for %s", entry.Path)
		}
	}
}

// TestAuthorityRefersElsewhere: a secret goes to the authority of the profile,
// whatever that says of itself, and over no redirect.
func TestAuthorityRefersElsewhere(t *testing.T) {
	thief := authtest.New()
	defer thief.Close()
	thief.Register(app())
	cases := map[string]func(w http.ResponseWriter, r *http.Request, a *authtest.Authority) bool{
		"token endpoint": func(w http.ResponseWriter, r *http.Request, a *authtest.Authority) bool {
			if r.Method != http.MethodGet {
				return false
			}
			_, _ = w.Write([]byte(`{"issuer":"` + a.URL + `/x","authorization_endpoint":"` + thief.URL + `/a","token_endpoint":"` + thief.URL + `/` + thief.Tenant + `/oauth2/v2.0/token"}`))
			return true
		},
		"redirect": func(w http.ResponseWriter, r *http.Request, _ *authtest.Authority) bool {
			if r.Method != http.MethodPost {
				return false
			}
			http.Redirect(w, r, thief.URL+"/"+thief.Tenant+"/oauth2/v2.0/token", http.StatusTemporaryRedirect)
			return true
		},
	}
	for name, refer := range cases {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t)
			a.Intercept(func(w http.ResponseWriter, r *http.Request) bool { return refer(w, r, a) })
			o := options(a, FlowClientSecret)
			o.Transport = nil
			o.RootCAs = x509.NewCertPool()
			o.RootCAs.AddCert(a.Certificate())
			o.RootCAs.AddCert(thief.Certificate())
			_, err := header(t.Context(), newSource(t, o))
			var refused *auth.SignInError
			if !errors.As(err, &refused) || len(thief.Journal()) != 0 {
				t.Errorf("%d requests elsewhere, %v", len(thief.Journal()), err)
			}
		})
	}
}

// discard takes what a server says of handshakes that are meant to fail.
var discard = stdlog.New(io.Discard, "", 0)
