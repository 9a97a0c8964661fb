// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// entry is a statement that a ledger has.
type entry struct {
	ID       int            `json:"id"`
	Code     string         `json:"code"`
	SourceID string         `json:"sourceId,omitempty"`
	State    string         `json:"state"`
	appears  time.Time      // not shown before
	Output   map[string]any `json:"output"`
}

// ledger is a server of one session, that tells what it accepted and not
// always when.
type ledger struct {
	fabric   bool
	entries  []entry
	posts    int
	accept   func(l *ledger, code, source string)        // what becomes of a POST
	answer   func(*http.Request) (*http.Response, error) // in place of one to a POST
	question func() *http.Response                       // in place of one to a question; nil for none
	strings  bool                                        // ids are strings, lists have no order
}

func respond(r *http.Request, status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{}, Request: r}
}

func (l *ledger) add(code, source string, after time.Duration) {
	l.entries = append(l.entries, entry{ID: len(l.entries), Code: code, SourceID: source, State: "available", appears: time.Now().Add(after)})
}

func (l *ledger) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost {
		var body livy.StatementRequest
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || (body.SourceID != "") != l.fabric {
			return nil, errors.New("the body is not of this dialect")
		}
		l.posts++
		if l.accept != nil {
			l.accept(l, body.Code, body.SourceID)
		}
		return l.answer(r)
	}
	if l.question != nil {
		if resp := l.question(); resp != nil {
			return resp, nil
		}
	}
	shown := []entry{}
	for _, e := range l.entries {
		if !time.Now().Before(e.appears) {
			shown = append(shown, e)
		}
	}
	_, one, _ := strings.Cut(r.URL.Path, "/statements/")
	var v any = map[string]any{"statements": shown, "total_statements": len(shown)}
	if strings.HasSuffix(r.URL.Path, "/sessions/0") {
		v = map[string]any{"id": 0, "state": "idle"}
	} else if one != "" {
		v = nil
		for _, e := range shown {
			if id, _ := json.Marshal(e.ID); string(id) == one {
				v = e
			}
		}
		if v == nil {
			return respond(r, 404, `"Statement not found"`), nil
		}
	}
	body, err := json.Marshal(v)
	text := string(body)
	if l.strings {
		text = strings.NewReplacer(`"id":0`, `"id":"0"`, `"id":1`, `"id":"1"`, `"id":2`, `"id":"2"`).Replace(text)
	}
	return respond(r, 200, text), err
}

// What a POST is answered.
func badGateway(r *http.Request) (*http.Response, error) { return respond(r, 502, ""), nil }
func resetBy(*http.Request) (*http.Response, error) {
	return nil, errors.New("connection reset by peer")
}
func taken(l *ledger, code, source string) { l.add(code, source, 0) }
func nothing(*ledger, string, string)      {}

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
