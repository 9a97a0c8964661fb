// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

func TestSubmitRuns(t *testing.T) {
	srv, _, client, id := start(t)
	s, err := client.Submit(t.Context(), id, livy.StatementRequest{Code: "1+1", Kind: livy.KindPySpark})
	if err != nil {
		t.Fatal(err)
	}
	s, err = client.WaitStatement(t.Context(), id, s, nil)
	if err != nil || s.State != livy.StatementAvailable || s.Output == nil || string(s.Output.Data["text/plain"]) != `"2"` {
		t.Errorf("statement %+v, error %v", s, err)
	}
	for _, r := range srv.Requests() {
		if r.Header.Get("X-Requested-By") == "" || r.Header.Get("User-Agent") == "" || r.Header.Get("Idempotency-Key") != "" {
			t.Errorf("%s %s has headers %v", r.Method, r.Path, r.Header)
		}
	}
}

// TestUnknownOutcomeIsNeverSentAgain is rows 17 to 21 of the fault matrix:
// whatever happens once the request is on its way, there is one POST.
func TestUnknownOutcomeIsNeverSentAgain(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault livytest.Fault
		runs  int
	}{
		{"Row17ResetBeforeAcceptance", livytest.ResetBefore(), 0},
		{"Row18ResetAfterAcceptance", livytest.ResetAfterAcceptance(), 1},
		{"Row19CutAnswer", livytest.CutAnswer(20), 1},
		{"Row19TruncatedJSON", livytest.TruncateJSON(20), 1},
		{"Row20BadGateway", livytest.StatusAfterAcceptance(http.StatusBadGateway), 1},
		{"Row20GatewayTimeout", livytest.StatusAfterAcceptance(http.StatusGatewayTimeout), 1},
		{"Row21ServiceUnavailable", livytest.RetryAfter(http.StatusServiceUnavailable, "1"), 0},
		{"Row22InternalServerError", livytest.Status(http.StatusInternalServerError, `"java.lang.NullPointerException"`), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv, engine, client, id := start(t)
			srv.Inject(statements, c.fault)
			_, err := client.Submit(t.Context(), id, livy.StatementRequest{Code: "spend()", Kind: livy.KindPySpark})
			if uncertain := new(livy.UncertainError); !errors.As(err, &uncertain) {
				t.Errorf("error is %v", err)
			}
			if n := srv.Count(statements); n != 1 {
				t.Errorf("%d requests", n)
			}
			if err := srv.Close(); err != nil {
				t.Error(err)
			}
			if n := engine.Runs("spend()"); n > c.runs {
				t.Errorf("the code ran %d times", n)
			}
		})
	}
}

func TestRefusalsRunNothing(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		body   string
		lost   bool
	}{
		{"unauthorised", 401, "", false},
		{"forbidden", 403, "", false},
		{"throttled", 429, `{"msg":"slow down"}`, false},
		{"starting", 500, `"java.lang.IllegalStateException: Session is in state starting"`, false},
		{"dead", 500, `"java.lang.IllegalStateException: Session is in state dead"`, true},
		{"gone", 404, `{"msg":"Session '0' not found."}`, true},
		{"bad kind", 500, `"Invalid kind: nosuch"`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv, _, client, id := start(t, livy.WithThrottleMax(0))
			srv.Inject(statements, livytest.Status(c.status, c.body))
			_, err := client.Submit(t.Context(), id, livy.StatementRequest{Code: "spend()"})
			var api *livy.APIError
			var lost *livy.SessionLostError
			if errors.As(err, &lost) != c.lost || !c.lost && (!errors.As(err, &api) || api.StatusCode != c.status) {
				t.Errorf("error is %v", err)
			}
			if n := srv.Count(statements); n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// TestRow30SubmitOutlivesItsContext: an interrupt does not cut off a POST that
// is on its way, which would make its outcome unknown.
func TestRow30SubmitOutlivesItsContext(t *testing.T) {
	srv, _, client, id := start(t)
	release := make(chan struct{})
	srv.Inject(statements, livytest.DelayAnswer(release))
	ctx, cancel := context.WithCancel(t.Context())
	submitted := make(chan error, 1)
	go func() {
		_, err := client.Submit(ctx, id, livy.StatementRequest{Code: "1", Kind: livy.KindSQL})
		submitted <- err
	}()
	for srv.Count(statements) == 0 {
		if ctx.Err() != nil {
			t.Fatal("no request came")
		}
	}
	cancel()
	close(release)
	if err := <-submitted; err != nil {
		t.Errorf("error is %v", err)
	}
	if _, err := client.Submit(ctx, id, livy.StatementRequest{Code: "1"}); !errors.Is(err, context.Canceled) {
		t.Errorf("a submit under an ended context: %v", err)
	}
	if n := srv.Count(statements); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestNothingWrittenIsTriedAgain(t *testing.T) {
	// Nobody listens at port 1. One that a test gives back may be another test's
	// at once.
	client, err := livy.New("http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Submit(t.Context(), "0", livy.StatementRequest{Code: "1"})
	var transport *livy.TransportError
	if !errors.As(err, &transport) || transport.Tries < 2 || transport.Phase != livy.PhaseTCP {
		t.Errorf("error is %#v", err)
	}
}
