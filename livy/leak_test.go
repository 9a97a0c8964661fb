// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// TestRow66WhereRedirectsPoint: to another scheme, a subdomain, an address of
// the cloud's own; by every status. Nothing but the endpoint is asked.
func TestRow66WhereRedirectsPoint(t *testing.T) {
	for _, target := range []string{
		"http://livy.example/x", "https://sub.livy.example/x", "https://livy.example.attacker.example/", "http://169.254.169.254/latest", "//other/x", "/elsewhere", "https://livy.example/sessions",
	} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			asked := 0
			client, err := livy.New("https://livy.example", livy.WithAuthorizer(auth.Bearer{Token: auth.NewSecret(canary)}),
				livy.WithTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
					asked++
					if r.URL.Host != "livy.example" || r.URL.Scheme != "https" {
						t.Errorf("%s is asked", r.URL)
					}
					resp := respond(r, status, "")
					resp.Header.Set("Location", target)
					return resp, nil
				})))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := client.Session(t.Context(), "0"); err == nil || asked != 1 {
				t.Errorf("%d to %s: asked %d times, error %v", status, target, asked, err)
			}
		}
	}
}

// TestRow68NothingShowsTheToken: the log of every request and the error of
// every failure, however they are printed.
func TestRow68NothingShowsTheToken(t *testing.T) {
	var shown bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&shown, &slog.HandlerOptions{Level: slog.LevelDebug}))
	// A server that sends all it was sent back, in every kind of failure.
	for _, status := range []int{200, 201, 302, 400, 401, 403, 404, 429, 430, 500, 502, 503} {
		client := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://h/?t="+r.Header.Get("Authorization"))
			w.Header().Set("WWW-Authenticate", r.Header.Get("Authorization"))
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"id":"x"`)
		}, livy.WithLogger(logger), livy.WithThrottleMax(0), livy.WithAuthorizer(auth.Bearer{Token: auth.NewSecret(canary)}))
		_, create := client.CreateSession(t.Context(), livy.CreateSessionRequest{})
		_, submit := client.Submit(t.Context(), "0", livy.StatementRequest{Code: "1"})
		for _, err := range []error{create, submit, client.DeleteSession(t.Context(), "0"), client.KeepAlive(t.Context(), "0")} {
			fmt.Fprintf(&shown, "%v %+v %#v %q\n", err, err, err, err)
			for err != nil {
				fmt.Fprintf(&shown, "%#v\n", err)
				err = errors.Unwrap(err)
			}
		}
		fmt.Fprintf(&shown, "%+v %#v\n", client, client)
	}
	if i := strings.Index(shown.String(), canary); i >= 0 {
		t.Errorf("…%s…", shown.String()[max(0, i-200):i+20])
	}
	if !strings.Contains(shown.String(), "path=/sessions/0/statements") {
		t.Error("nothing was logged")
	}
}

// TestRow68ServersThatRepeatTheRequest in the body of an error, in every shape
// that is read, or in place of an answer: the credentials are left out, those of
// Basic too.
func TestRow68ServersThatRepeatTheRequest(t *testing.T) {
	long := canary + strings.Repeat("0", 600) // its end would be cut off
	for name, c := range map[string]struct {
		authorize livy.Authorizer
		secrets   []string
	}{
		"bearer": {auth.Bearer{Token: auth.NewSecret(long)}, []string{canary}},
		"basic":  {auth.Basic{Username: "ann", Password: auth.NewSecret(canary)}, []string{canary, base64.StdEncoding.EncodeToString([]byte("ann:" + canary))}},
	} {
		for shape, answer := range map[string]string{
			"msg": `{"msg":"refused: %s"}`, "fabric": `{"errorCode":"%s","message":"%s","moreDetails":[{"message":"%s"}]}`, "azure": `{"error":{"code":"C","message":"%s"}}`,
			"string": `"%s"`, "page": `<html><body>%s</body></html>`, "no HTTP": "",
		} {
			synctest.Test(t, func(t *testing.T) { // it tries again and again without an answer
				client, err := livy.New("https://livy", livy.WithAuthorizer(c.authorize), livy.WithTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
					sent := r.Header.Get("Authorization")
					if name == "basic" {
						sent += " of ann, " + canary
					}
					if answer == "" { // as net/http words it
						return nil, fmt.Errorf("malformed HTTP response %q", sent)
					}
					return respond(r, http.StatusBadRequest, strings.ReplaceAll(answer, "%s", sent)), nil
				})))
				if err != nil {
					t.Fatal(err)
				}
				_, read := client.Session(t.Context(), "0")
				_, submitted := client.Submit(t.Context(), "0", livy.StatementRequest{Code: "1"})
				for _, err := range []error{read, submitted} {
					text := ""
					for ; err != nil; err = errors.Unwrap(err) {
						text += fmt.Sprintf("%v %+v %#v\n", err, err, err)
					}
					for _, secret := range c.secrets {
						if text == "" || strings.Contains(text, secret) {
							t.Errorf("%s, %s: %s", name, shape, text)
						}
					}
				}
			})
		}
	}
}

// TestRow76ExpiredCertificate is not trusted, and is said to be expired.
func TestRow76ExpiredCertificate(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(-24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request came") }))
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	defer srv.Close()
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	client, err := livy.New(srv.URL, livy.WithRootCAs(roots))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Session(t.Context(), "0")
	var transport *livy.TransportError
	if !errors.As(err, &transport) || transport.Phase != livy.PhaseTLS || transport.Tries != 1 || !strings.Contains(err.Error(), "expired") {
		t.Errorf("error is %v", err)
	}
}

// TestRow77WhichProxy: the one that the caller names, none of the environment,
// and none for this machine.
func TestRow77WhichProxy(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	proxied := 0
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proxied++
		if r.URL.Host != "livy.example" || r.Header.Get("Proxy-Authorization") == "" {
			t.Errorf("proxied %s", r.URL)
		}
		_, _ = io.WriteString(w, `{"id":0,"state":"idle"}`)
	}))
	defer proxy.Close()
	address, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	address.User = url.UserPassword("u", canary)
	through := livy.WithProxy(http.ProxyURL(address))
	client, err := livy.New("http://livy.example", through)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Session(t.Context(), "0"); err != nil || proxied != 1 {
		t.Errorf("proxied %d times, error %v", proxied, err)
	}
	client.CloseIdleConnections()
	for _, opts := range [][]livy.Option{{}, {through}} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"id":0,"state":"idle"}`)
		}))
		client, err := livy.New(srv.URL, opts...)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Session(t.Context(), "0"); err != nil || proxied != 1 {
			t.Errorf("loopback: proxied %d times, error %v", proxied, err)
		}
		client.CloseIdleConnections()
		srv.Close()
	}
}

// TestRow77ProxyDropsTheConnection in the middle of its CONNECT: nothing was
// sent to the server, and the proxy is named.
func TestRow77ProxyDropsTheConnection(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer proxy.Close()
	address, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	address.User = url.UserPassword("u", canary)
	client, err := livy.New("https://livy.example", livy.WithProxy(http.ProxyURL(address)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Submit(t.Context(), "0", livy.StatementRequest{Code: "1"})
	var transport *livy.TransportError
	if !errors.As(err, &transport) || transport.Phase != livy.PhaseProxy || transport.Tries < 2 || errors.As(err, new(*livy.UncertainError)) || strings.Contains(err.Error(), canary) {
		t.Errorf("error is %v", err)
	}
}
