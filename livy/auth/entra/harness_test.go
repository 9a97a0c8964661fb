// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
)

func TestMain(m *testing.M) {
	if os.Getenv(writerVariable) != "" {
		os.Exit(writer())
	}
	goleak.VerifyTestMain(m)
}

const (
	clientID = "99999999-8888-4777-8666-555555555555"
	origin   = "https://api.fabric.example"
	ann      = "ann@contoso.example"
	secret   = "canary-secret-5d1e"
	subject  = "system:serviceaccount:jobs:notebook"
)

// app is the registration that tests sign in to.
func app() authtest.App {
	return authtest.App{
		ID: clientID, Public: true, Redirects: []string{"http://localhost"}, Resource: FabricResource,
		Permissions: fabricScopes, Consented: fabricScopes, Secret: secret, Subject: subject,
	}
}

// newAuthority returns an authority with the application and ann. In process,
// its time is the test's.
func newAuthority(t *testing.T, opts ...authtest.Option) *authtest.Authority {
	t.Helper()
	a := authtest.New(opts...)
	t.Cleanup(a.Close)
	a.Register(app())
	a.AddUser(ann)
	return a
}

// options sign in to a.
func options(a *authtest.Authority, flow Flow) Options {
	o := Options{
		Profile: "sales", Origin: origin, Tenant: a.Tenant, ClientID: clientID, Authority: a.URL,
		Flow: flow, Transport: a.Transport(),
	}
	if flow == FlowClientSecret {
		o.Secret = auth.NewSecret(secret)
	}
	return o
}

func newSource(t *testing.T, o Options) *Source {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.CloseIdleConnections)
	return s
}

// header asks for the Authorization header of a request to the origin.
func header(ctx context.Context, s *Source) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, origin+"/v1/sessions", http.NoBody)
	if err != nil {
		return "", err
	}
	err = s.Authorize(ctx, req)
	return req.Header.Get("Authorization"), err
}

// good asks for a header and has the authority check it.
func good(t *testing.T, ctx context.Context, s *Source, a *authtest.Authority) string {
	t.Helper()
	got, err := header(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Check(got); err != nil {
		t.Fatal(err)
	}
	return got
}

// asked returns a context in which p is asked.
func asked(t *testing.T, p *authtest.Person) context.Context {
	return auth.WithPrompter(t.Context(), p)
}

// log is a logger whose lines can be read.
type log struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *log) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}
