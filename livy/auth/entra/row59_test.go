// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
)

// livyServer answers POST /sessions of who has a token that it takes.
type livyServer struct {
	authority *authtest.Authority
	takes     func(authtest.Token) bool
	challenge string // the WWW-Authenticate of its 401
	seen      []string
}

func (l *livyServer) RoundTrip(req *http.Request) (*http.Response, error) {
	authorization := req.Header.Get("Authorization")
	l.seen = append(l.seen, authorization)
	if req.Body != nil {
		req.Body.Close()
	}
	status, body := http.StatusUnauthorized, `{"msg":"no"}`
	if token, err := l.authority.Check(authorization); err == nil && l.takes(token) {
		status, body = http.StatusCreated, `{"id":1,"state":"idle","kind":"spark","appInfo":{},"log":[]}`
	}
	header := http.Header{"Content-Type": {"application/json"}}
	if status == http.StatusUnauthorized && l.challenge != "" {
		header.Set("WWW-Authenticate", l.challenge)
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
}

func create(t *testing.T, l *livyServer, s *Source) error {
	t.Helper()
	client, err := livy.New(origin, livy.WithTransport(l), livy.WithAuthorizer(s), livy.WithDialect(livy.DialectApache))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.CreateSession(t.Context(), livy.CreateSessionRequest{})
	return err
}

// aged makes the token that s holds one that was good for a while.
func aged(s *Source) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current.got = s.current.got.Add(-2 * young)
}

// signedIn is a Source in which ann is signed in.
func signedIn(t *testing.T, a *authtest.Authority) *Source {
	t.Helper()
	s := newSource(t, options(a, FlowDeviceCode))
	if err := s.SignIn(t.Context(), &authtest.Person{Authority: a, User: ann}); err != nil {
		t.Fatal(err)
	}
	aged(s)
	return s
}

// TestRow59OneRefreshOneRetry: a 401 to a POST.
func TestRow59OneRefreshOneRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		s := signedIn(t, a)
		a.RevokeAccess()
		l := &livyServer{authority: a, takes: func(authtest.Token) bool { return true }}
		if err := create(t, l, s); err != nil {
			t.Fatal(err)
		}
		if n := len(a.Grants("refresh_token")); n != 1 || len(l.seen) != 2 || l.seen[0] == l.seen[1] {
			t.Errorf("%d refreshes, %d requests", n, len(l.seen))
		}
	})
}

// TestRow60RefusedForEver: two requests at most, and no refresh for each one of
// many refusals.
func TestRow60RefusedForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		s := signedIn(t, a)
		l := &livyServer{authority: a, takes: func(authtest.Token) bool { return false }}
		for range 5 {
			l.seen = nil
			var refused *livy.APIError
			if err := create(t, l, s); !errors.As(err, &refused) || refused.StatusCode != http.StatusUnauthorized || len(l.seen) > 2 {
				t.Errorf("%d requests, %v", len(l.seen), err)
			}
		}
		if n := len(a.Grants("refresh_token")); n != 1 {
			t.Errorf("%d refreshes", n)
		}
	})
}

// TestRow60SignInRefused: the reason of the refusal arrives.
func TestRow60SignInRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		o := options(a, FlowClientSecret)
		s := newSource(t, o)
		good(t, t.Context(), s, a)
		aged(s)
		a.Refuse("client_credentials", authtest.Refusal{Code: 7000222, Error: "invalid_client", Text: "expired"})
		l := &livyServer{authority: a, takes: func(authtest.Token) bool { return false }}
		err := create(t, l, s)
		var signIn *auth.SignInError
		if !errors.As(err, &signIn) || signIn.Code != "AADSTS7000222" || len(l.seen) != 1 {
			t.Errorf("%d requests, %v", len(l.seen), err)
		}
	})
}

// TestRow61ClaimsChallenge: the claims of the server reach the sign-in service
// once, by every flow that can answer them.
func TestRow61ClaimsChallenge(t *testing.T) {
	const claims = `{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}`
	challenges := map[string]string{
		"standard": base64.StdEncoding.EncodeToString([]byte(claims)),
		"url":      base64.RawURLEncoding.EncodeToString([]byte(claims)),
	}
	for name, encoded := range challenges {
		for _, flow := range []Flow{FlowDeviceCode, FlowClientSecret} {
			t.Run(name+" "+string(flow), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					a := newAuthority(t, authtest.InProcess())
					s := newSource(t, options(a, flow))
					if err := s.SignIn(t.Context(), &authtest.Person{Authority: a, User: ann}); err != nil {
						t.Fatal(err)
					}
					l := &livyServer{
						authority: a, takes: func(token authtest.Token) bool { return strings.Contains(token.Claims, "1604106651") },
						challenge: `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="` + encoded + `"`,
					}
					before := len(a.Tokens())
					if err := create(t, l, s); err != nil {
						t.Fatal(err)
					}
					if n := len(a.Tokens()) - before; n != 1 || len(l.seen) != 2 {
						t.Errorf("%d tokens, %d requests", n, len(l.seen))
					}
				})
			})
		}
	}
}

// TestRow61ChallengeNeedsThePerson: a claims challenge that only a person can
// satisfy asks the person.
func TestRow61ChallengeNeedsThePerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		s := signedIn(t, a)
		a.Refuse("refresh_token", authtest.Refusal{Code: 50076, Error: "interaction_required", Sub: "basic_action", Text: "MFA"})
		p := &authtest.Person{Authority: a, User: ann}
		header := http.Header{"Www-Authenticate": {`Bearer claims="eyJhIjp7fX0="`}}
		if err := s.Unauthorized(asked(t, p), header); err != nil || len(p.Prompts()) != 1 {
			t.Errorf("%d prompts, %v", len(p.Prompts()), err)
		}
	})
}

// TestRow66AnotherOrigin and 67: a request to anywhere but the origin gets
// neither a token nor a sign-in.
func TestRow66AnotherOrigin(t *testing.T) {
	a := newAuthority(t, authtest.InProcess())
	s := newSource(t, options(a, FlowClientSecret))
	for _, target := range []string{
		"http://api.fabric.example/", "https://api.fabric.example:8443/", "https://fabric.example/", "https://x.api.fabric.example/",
		"https://api.fabric.example.attacker.example/", "https://attacker.example/api.fabric.example", "https://api.fabric.example@attacker.example/",
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		var other *auth.OriginError
		if err := s.Authorize(t.Context(), req); !errors.As(err, &other) || req.Header.Get("Authorization") != "" {
			t.Errorf("%s: %v", target, err)
		}
	}
	if n := len(a.Journal()); n != 0 {
		t.Errorf("%d requests to the sign-in service", n)
	}
	good(t, t.Context(), s, a)
}

// TestRow67ClearText: no Source for plain http, but on this machine.
func TestRow67ClearText(t *testing.T) {
	for endpoint, allowed := range map[string]bool{
		"http://api.fabric.example/": false, "ftp://127.0.0.1": false, "": false, "https://": false,
		"http://127.0.0.1:8998/x": true, "http://localhost": true, "http://[::1]:80": true, "https://API.fabric.example": true,
	} {
		_, err := New(Options{Origin: endpoint, ClientID: clientID})
		var origin *auth.OriginError
		if (err == nil) != allowed || err != nil && !errors.As(err, &origin) {
			t.Errorf("%q: %v", endpoint, err)
		}
	}
}
