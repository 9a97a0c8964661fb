// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
)

const canary = "canary-93ab"

// TestErrorTexts shows a person every shape of a refusal.
func TestErrorTexts(t *testing.T) {
	var got strings.Builder
	for _, c := range []struct {
		name, body string
		status     int
	}{
		{"object", `{"msg":"Session '9999' not found."}`, 404},
		{"string", `"Invalid kind: nosuchkind (through reference chain)"`, 400},
		{"page", "<html><head><title>x</title><style>b{}</style></head><body><h2>HTTP ERROR 400</h2>Missing Required Header\n<hr></body></html>", 400},
		{"empty", "", 405},
		{"number", "7", 400},
		{"fabric", `{"errorCode":"InsufficientPrivileges","message":"The caller does not have sufficient permissions","requestId":"6a1c7b1e-0000-4000-8000-000000000001","relatedResource":{"resourceId":"x","resourceType":"Lakehouse"}}`, 403},
		{"fabric with details", `{"errorCode":"InvalidInput","message":"The request is not valid","moreDetails":[{"errorCode":"A","message":"executorCores must be 4, 8 or 16"},{"message":""}]}`, 400},
		{"azure", `{"error":{"code":"AuthorizationFailed","message":"No access"}}`, 403},
		{"error as text", `{"error":"unauthorized_client"}`, 401},
		{"hostile names", `{"errorCode":"<b>","message":"m","requestId":"a b"}`, 400},
		{"controls", "\"a\\u001b]0;title\\u0007b\\nc\"", 400},
		{"long", `"` + strings.Repeat("ä", 5000) + `"`, 400},
		{"throttled", `{"errorCode":"RequestBlocked","message":"Request is blocked by the upstream service until: 11/23/2126 8:29:01 PM (UTC)"}`, 429},
		{"no capacity", `{"errorCode":"TooManyRequestsForCapacity","message":"The capacity's Spark compute is in use"}`, 430},
	} {
		client := serveHTTP(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Date"] = []string{"Sat, 23 Nov 2126 20:00:00 GMT"}
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		}, livy.WithThrottleMax(0), livy.WithAuthorizer(auth.Bearer{Token: auth.NewSecret(canary)}))
		_, err := client.Session(t.Context(), "9999")
		if api := new(livy.APIError); !errors.As(err, &api) {
			t.Errorf("%s: error is %T", c.name, err)
		}
		fmt.Fprintf(&got, "%s\n  %s\n", c.name, untilTime.ReplaceAllString(err.Error(), "until 00:00:00 UTC"))
	}
	checkGolden(t, "errors.golden", got.String())
}

// untilTime matches what changes from run to run.
var untilTime = regexp.MustCompile(`until \d\d:\d\d:\d\d UTC`)

// TestRow66RedirectsAreNotFollowed: the target sees neither credentials nor code.
func TestRow66RedirectsAreNotFollowed(t *testing.T) {
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the target was asked") }))
	defer target.Close()
	for _, status := range []int{301, 302, 307, 308} {
		client := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, target.URL+"/x?secret="+canary, status)
		}, livy.WithAuthorizer(auth.Bearer{Token: auth.NewSecret(canary)}))
		_, err := client.Submit(t.Context(), "0", livy.StatementRequest{Code: "code"})
		if err == nil || !strings.Contains(err.Error(), target.URL) || strings.Contains(err.Error(), canary) {
			t.Errorf("%d: error is %v", status, err)
		}
	}
}

func TestRow67NoCredentialsInClearText(t *testing.T) {
	for endpoint, ok := range map[string]bool{
		"http://livy.example:8998": false, "http://10.0.0.1": false, "http://localhost.attacker.example": false,
		"https://livy.example:8998": true, "http://127.0.0.1:1": true, "http://[::1]:1": true, "http://localhost:1": true,
	} {
		credentials := livy.WithAuthorizer(auth.Basic{Username: "u", Password: auth.NewSecret("p")})
		if _, err := livy.New(endpoint, credentials); errors.Is(err, livy.ErrClearText) == ok {
			t.Errorf("%s: %v", endpoint, err)
		}
		if _, err := livy.New(endpoint, credentials, livy.WithTransport(http.DefaultTransport)); errors.Is(err, livy.ErrClearText) == ok {
			t.Errorf("%s with a transport: %v", endpoint, err)
		}
	}
}

func TestEndpoints(t *testing.T) {
	for endpoint, ok := range map[string]bool{
		"http://h:8998": true, "https://h/gateway/livy/": true, "https://h/livy/sessions": true, "https://h/livy/sessions/": true,
		"": false, "h:8998": false, "ftp://h": false, "https://": false, "https://u:" + canary + "@h": false, "https://h/?token=" + canary: false,
		"https://h?": false, "https://:8998": false, "u:" + canary + "@h:8998": false, "https://u:" + canary + "#@h": false, "ftp://u:" + canary + "@h": false,
	} {
		_, err := livy.New(endpoint)
		if (err == nil) != ok || err != nil && strings.Contains(err.Error(), canary) {
			t.Errorf("%q: %v", endpoint, err)
		}
	}
}

func TestEndpointPaths(t *testing.T) {
	for path, want := range map[string]string{
		"": "/sessions/0", "/": "/sessions/0", "/sessions": "/sessions/0", "/livy/sessions//": "/livy/sessions/0", "/a%2Fb/sessions": "/a%2Fb/sessions/0",
	} {
		asked := make(chan string, 1)
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked <- r.URL.EscapedPath()
			_, _ = w.Write([]byte(`{"id":0,"state":"idle"}`))
		}))
		client, err := livy.New(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Session(t.Context(), "0"); err != nil {
			t.Errorf("%s: %v", path, err)
		} else if got := <-asked; got != want {
			t.Errorf("%s asks for %s, want %s", path, got, want)
		}
		client.CloseIdleConnections()
		srv.Close()
	}
}

func TestRow74HostileIDs(t *testing.T) {
	for _, id := range []string{"../../x", "a?b", "a/b", "", "a b", strings.Repeat("1", 1<<20)} {
		client := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost {
				t.Errorf("%s %.80s", r.Method, r.URL)
			}
			_, _ = w.Write([]byte(`{"id":"` + id + `","state":"starting"}`))
		})
		if s, err := client.CreateSession(t.Context(), livy.CreateSessionRequest{}); err == nil {
			t.Errorf("session %.80q is taken", s.ID)
		}
		if _, err := client.Session(t.Context(), livy.SessionID(id)); err == nil {
			t.Errorf("id %.80q is sent", id)
		}
		if _, err := client.Statement(t.Context(), "0", livy.StatementID(id)); err == nil {
			t.Errorf("statement %.80q is sent", id)
		}
	}
}

func TestRow76TLS(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"id":0,"state":"idle"}`))
	}))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	defer srv.Close()
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	old := httptest.NewUnstartedServer(nil)
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10} // an old server, to be refused
	old.Config.ErrorLog = srv.Config.ErrorLog
	old.StartTLS()
	defer old.Close()
	oldRoots := x509.NewCertPool()
	oldRoots.AddCert(old.Certificate())
	for _, c := range []struct {
		name, endpoint, phase string
		roots                 *x509.CertPool
	}{
		{"trusted", srv.URL, "", roots},
		{"unknown authority", srv.URL, livy.PhaseTLS, nil},
		{"another name", strings.Replace(srv.URL, "127.0.0.1", "localhost", 1), livy.PhaseTLS, roots},
		{"TLS 1.1", old.URL, livy.PhaseTLS, oldRoots},
		{"plain http", strings.Replace(srv.URL, "https", "http", 1), livy.PhaseHTTP, nil},
		{"no such host", "https://nosuch.invalid", livy.PhaseDNS, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var opts []livy.Option
			if c.roots != nil {
				opts = append(opts, livy.WithRootCAs(c.roots))
			}
			client, err := livy.New(c.endpoint, opts...)
			if err != nil {
				t.Fatal(err)
			}
			defer client.CloseIdleConnections()
			err = client.DeleteSession(t.Context(), "0") // not tried again
			var transport *livy.TransportError
			if errors.As(err, &transport) != (c.phase != "") || c.phase != "" && transport.Phase != c.phase {
				t.Errorf("error is %v", err)
			}
		})
	}
}
