// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// renewing is an Authorizer with a token that it can renew.
type renewing struct {
	tokens []string // the first is in use
	fails  error    // of a renewal
	takes  time.Duration
	told   []http.Header
}

func (a *renewing) Authorize(_ context.Context, req *http.Request) error {
	time.Sleep(a.takes)
	req.Header.Set("Authorization", "Bearer "+a.tokens[0])
	return nil
}

func (a *renewing) Unauthorized(_ context.Context, header http.Header) error {
	a.told = append(a.told, header)
	if a.fails == nil {
		a.tokens = a.tokens[1:]
	}
	return a.fails
}

// submitAs submits a statement in test time with credentials of a.
func submitAs(t *testing.T, a livy.Authorizer, server *replies) (err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		client, newErr := livy.New("https://livy", livy.WithTransport(server), livy.WithAuthorizer(a))
		if newErr != nil {
			t.Fatal(newErr)
		}
		_, err = client.Submit(t.Context(), "0", livy.StatementRequest{Code: "spend()"})
	})
	return err
}

// TestRow59TokenRefreshedOnce: a 401 was not executed, so a POST is sent again
// with the new token.
func TestRow59TokenRefreshedOnce(t *testing.T) {
	server := &replies{answers: []reply{{status: 401}, {status: 201, body: accepted}}}
	a := &renewing{tokens: []string{"old", "new"}}
	if err := submitAs(t, a, server); err != nil || len(server.requests) != 2 || len(a.told) != 1 {
		t.Fatalf("%d requests, %d renewals, error %v", len(server.requests), len(a.told), err)
	}
	for i, want := range []string{"Bearer old", "Bearer new"} {
		if got := server.requests[i].Header.Get("Authorization"); got != want {
			t.Errorf("request %d: %s", i, got)
		}
	}
}

func TestRow60UnauthorizedForEver(t *testing.T) {
	server := &replies{answers: []reply{{status: 401}}}
	err := submitAs(t, &renewing{tokens: []string{"old", "new", "newer"}}, server)
	var api *livy.APIError
	if !errors.As(err, &api) || api.StatusCode != 401 || errors.As(err, new(*livy.UncertainError)) || len(server.requests) != 2 {
		t.Errorf("%d requests, error %v", len(server.requests), err)
	}
}

// TestRow61ClaimsChallenge is passed on, once.
func TestRow61ClaimsChallenge(t *testing.T) {
	const challenge = `Bearer authorization_uri="https://login.microsoftonline.com/common", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="`
	server := &replies{answers: []reply{{status: 401, header: map[string]string{"WWW-Authenticate": challenge}}, {status: 201, body: accepted}}}
	a := &renewing{tokens: []string{"old", "new"}}
	if err := submitAs(t, a, server); err != nil || len(a.told) != 1 || a.told[0].Get("WWW-Authenticate") != challenge {
		t.Errorf("told %v, error %v", a.told, err)
	}
}

// TestRefreshFails: the reason stands in the error, and nothing was run.
func TestRefreshFails(t *testing.T) {
	refused := errors.New("AADSTS50076: sign in again")
	server := &replies{answers: []reply{{status: 401}}}
	err := submitAs(t, &renewing{tokens: []string{"old"}, fails: refused}, server)
	const want = "submit statement: AADSTS50076: sign in again"
	if !errors.Is(err, refused) || errors.As(err, new(*livy.UncertainError)) || err.Error() != want || len(server.requests) != 1 {
		t.Errorf("%d requests, error %v", len(server.requests), err)
	}
}

// TestRow58SignInTakesItsTime: no time-out of the request runs while a person
// signs in, before the first try or after a 401.
func TestRow58SignInTakesItsTime(t *testing.T) {
	server := &replies{answers: []reply{{status: 401}, {status: 201, body: accepted}}}
	if err := submitAs(t, &renewing{tokens: []string{"old", "new"}, takes: 14 * time.Minute}, server); err != nil {
		t.Error(err)
	}
}

// TestSignInThatFailsSubmitsNothing, also where the transport cannot tell what
// was written.
func TestSignInThatFailsSubmitsNothing(t *testing.T) {
	server := &replies{answers: []reply{{status: 201, body: accepted}}}
	err := submitAs(t, refusingAuthorizer{}, server)
	if !errors.Is(err, errNoSignIn) || errors.As(err, new(*livy.UncertainError)) || len(server.requests) != 0 {
		t.Errorf("%d requests, error %v", len(server.requests), err)
	}
}

var errNoSignIn = errors.New("nobody signs in")

type refusingAuthorizer struct{}

func (refusingAuthorizer) Authorize(context.Context, *http.Request) error { return errNoSignIn }
