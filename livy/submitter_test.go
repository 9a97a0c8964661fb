// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// reconcile submits code to a ledger, in test time.
func reconcile(t *testing.T, l *ledger, there livy.Statements) (s livy.Statement, took time.Duration, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		endpoint := "http://livy"
		if l.fabric {
			endpoint = fabricURL
		}
		client, newErr := livy.New(endpoint, livy.WithTransport(l))
		if newErr != nil {
			t.Fatal(newErr)
		}
		began := time.Now()
		s, err = client.NewSubmitter("0", there).Submit(t.Context(), livy.StatementRequest{Code: "spend()", Kind: livy.KindPySpark})
		took = time.Since(began)
	})
	if l.posts != 1 {
		t.Errorf("%d POSTs", l.posts)
	}
	return s, took, err
}

// TestReconciled is what becomes of a submission whose outcome is unknown,
// where the server goes on to tell.
func TestReconciled(t *testing.T) {
	noAnswer := func(r *http.Request) (*http.Response, error) { return silent(r) }
	cut := func(r *http.Request) (*http.Response, error) { return respond(r, 201, `{"id":0,"sta`), nil }
	for _, c := range []struct {
		name  string
		l     ledger
		there livy.Statements
		takes time.Duration
	}{
		{"Row16AnsweredTooLate", ledger{accept: taken, answer: noAnswer}, livy.NoStatements, time.Minute},
		{"Row18ResetAfterAcceptance", ledger{accept: taken, answer: resetBy}, livy.NoStatements, 0},
		{"Row19TruncatedJSON", ledger{accept: taken, answer: cut}, livy.NoStatements, 0},
		{"Row20BadGateway", ledger{accept: taken, answer: badGateway}, livy.NoStatements, 0},
		{"Row20BadGatewayOnFabric", ledger{fabric: true, accept: taken, answer: badGateway}, livy.NoStatements, 0},
		{"Row25AppearsLater", ledger{answer: badGateway, accept: func(l *ledger, code, source string) { l.add(code, source, 8*time.Second) }}, livy.NoStatements, 8 * time.Second},
		{"Row27IdsAsStrings", ledger{strings: true, accept: taken, answer: badGateway}, livy.OwnStatements, 0},
		{"Row27IdsAsStringsOnFabric", ledger{fabric: true, strings: true, accept: taken, answer: badGateway}, livy.OwnStatements, 0},
		{"KeptSession", ledger{entries: []entry{{ID: 0, Code: "spend()"}, {ID: 1, Code: "x"}}, accept: taken, answer: badGateway}, livy.OwnStatements, 0},
		{"Row82OursBySourceID", ledger{fabric: true, answer: badGateway, accept: func(l *ledger, code, source string) {
			l.add(code, "somebody", 0)
			l.add(code, source, 0)
			l.add(code, "", 0)
		}}, livy.ForeignStatements, 0},
		{"Row82NoSourceIDShown", ledger{fabric: true, answer: badGateway, accept: func(l *ledger, code, _ string) {
			l.add("other()", "", 0)
			l.add(code, "", 0)
		}}, livy.NoStatements, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, took, err := reconcile(t, &c.l, c.there)
			if err != nil || s.Code != "spend()" || s.State != livy.StatementAvailable || took != c.takes {
				t.Errorf("statement %+v, error %v after %v", s, err, took)
			}
			if want := map[bool]livy.StatementID{true: "1"}[strings.HasPrefix(c.name, "Row82")]; want != "" && s.ID != want {
				t.Errorf("statement %s, want %s", s.ID, want)
			}
		})
	}
}

// TestNotReconciled: where it cannot be known, that is what the error says.
func TestNotReconciled(t *testing.T) {
	for _, c := range []struct {
		name   string
		l      ledger
		there  livy.Statements
		absent bool
	}{
		{"Row17NeverArrived", ledger{accept: nothing, answer: resetBy}, livy.NoStatements, true},
		{"Row21Unavailable", ledger{accept: nothing, answer: func(r *http.Request) (*http.Response, error) { return respond(r, 503, ""), nil }}, livy.NoStatements, true},
		{"Row21UnavailableOnFabric", ledger{fabric: true, accept: nothing, answer: badGateway}, livy.NoStatements, true},
		{"Row28RanBefore", ledger{entries: []entry{{ID: 0, Code: "spend()", State: "available"}}, accept: nothing, answer: badGateway}, livy.OwnStatements, true},
		{"Row28RanBeforeOnFabric", ledger{fabric: true, entries: []entry{{ID: 0, Code: "spend()", State: "available"}}, accept: nothing, answer: badGateway}, livy.OwnStatements, true},
		{"EqualCodeOfAnotherWriter", ledger{accept: taken, answer: badGateway}, livy.ForeignStatements, false},
		{"EqualCodeOfAnotherWriterOnFabric", ledger{fabric: true, accept: func(l *ledger, code, _ string) { l.add(code, "", 0) }, answer: badGateway}, livy.ForeignStatements, false},
		{"SomebodyElseAfterAll", ledger{accept: func(l *ledger, code, _ string) { l.add("theirs()", "", 0); l.add(code, "", 0) }, answer: badGateway}, livy.NoStatements, false},
		{"Row26PushedOut", ledger{accept: func(l *ledger, _, _ string) { l.entries = []entry{{ID: 100, Code: "theirs()"}} }, answer: badGateway}, livy.NoStatements, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, took, err := reconcile(t, &c.l, c.there)
			var uncertain *livy.UncertainError
			if !errors.As(err, &uncertain) || uncertain.Absent != c.absent || took > 20*time.Second {
				t.Errorf("error is %#v after %v", err, took)
			}
		})
	}
}

// TestRow22ListFailsToo for ten seconds.
func TestRow22ListFailsToo(t *testing.T) {
	for _, fabric := range []bool{false, true} {
		var began time.Time
		l := &ledger{fabric: fabric, accept: func(l *ledger, code, source string) { began = time.Now(); taken(l, code, source) }}
		l.answer = func(r *http.Request) (*http.Response, error) {
			return respond(r, 500, `"java.lang.RuntimeException"`), nil
		}
		l.question = func() *http.Response {
			if time.Since(began) < 10*time.Second {
				return respond(nil, 500, `"java.lang.RuntimeException"`)
			}
			return nil
		}
		if s, took, err := reconcile(t, l, livy.NoStatements); err != nil || s.ID != "0" || took != 15*time.Second {
			t.Errorf("statement %+v, error %v after %v", s, err, took)
		}
	}
}

// TestSessionEndsUnderASubmission: it is lost, and the code may have run.
func TestSessionEndsUnderASubmission(t *testing.T) {
	l := &ledger{accept: taken, answer: resetBy}
	l.question = func() *http.Response { return respond(nil, 404, `{"msg":"Session '0' not found."}`) }
	_, _, err := reconcile(t, l, livy.NoStatements)
	if !errors.As(err, new(*livy.SessionLostError)) || !errors.As(err, new(*livy.UncertainError)) {
		t.Errorf("error is %v", err)
	}
}

// TestRow30InterruptWhileLookingUp: the statement is found all the same, for
// whoever interrupts wants to cancel it.
func TestRow30InterruptWhileLookingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{answer: badGateway, accept: func(l *ledger, code, source string) { l.add(code, source, 4*time.Second) }}
		client, err := livy.New("http://livy", livy.WithTransport(l))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var notices []livy.Notice
		told := livy.WithNotice(ctx, func(n livy.Notice) { notices = append(notices, n) })
		time.AfterFunc(time.Second, cancel)
		submitter := client.NewSubmitter("0", livy.NoStatements)
		if s, err := submitter.Submit(told, livy.StatementRequest{Code: "spend()"}); err != nil || s.ID != "0" {
			t.Errorf("statement %+v, error %v", s, err)
		}
		if len(notices) != 1 || notices[0].Reason != livy.ReasonLookUp {
			t.Errorf("told %+v", notices)
		}
		if _, err := submitter.Submit(ctx, livy.StatementRequest{Code: "1"}); !errors.Is(err, context.Canceled) || l.posts != 1 {
			t.Errorf("%d POSTs, error %v", l.posts, err)
		}
	})
}

// TestWatermarkMoves: what an earlier submission of the same code came to is
// not the answer to this one.
func TestWatermarkMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{accept: taken}
		l.answer = func(r *http.Request) (*http.Response, error) {
			if l.posts == 1 {
				return respond(r, 201, `{"id":0,"state":"available"}`), nil
			}
			l.accept = nothing
			return badGateway(r)
		}
		client, err := livy.New("http://livy", livy.WithTransport(l))
		if err != nil {
			t.Fatal(err)
		}
		submitter := client.NewSubmitter("0", livy.NoStatements)
		if _, err := submitter.Submit(t.Context(), livy.StatementRequest{Code: "spend()"}); err != nil {
			t.Fatal(err)
		}
		if s, err := submitter.Submit(t.Context(), livy.StatementRequest{Code: "spend()"}); err != nil || s.ID != "1" {
			t.Errorf("statement %+v, error %v", s, err)
		}
		if s, err := submitter.Submit(t.Context(), livy.StatementRequest{Code: "spend()"}); !errors.As(err, new(*livy.UncertainError)) {
			t.Errorf("statement %+v, error %v", s, err)
		}
	})
}

// TestSessionUnknownWhenAStatementComes, though it is ready: the 404 was a
// refusal, and the statement is sent again.
func TestSessionUnknownWhenAStatementComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		posts := 0
		client := onFabric(t, func(r *http.Request) (int, string) {
			if r.Method == http.MethodPost {
				if posts++; posts < 3 {
					return 404, `{"errorCode":"EntityNotFound","message":"not yet"}`
				}
				return 200, accepted
			}
			return 200, `{"id":"x","state":"idle"}`
		})
		if _, err := client.NewSubmitter(sessionGUID, livy.NoStatements).Submit(t.Context(), livy.StatementRequest{Code: "1"}); err != nil || posts != 3 {
			t.Errorf("%d POSTs, error %v", posts, err)
		}
	})
}
