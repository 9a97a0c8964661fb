// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// reply is one answer of a scripted server.
type reply struct {
	status int
	header map[string]string
	body   string
}

// replies answers with its elements in turn, the last one for ever, and keeps
// the requests.
type replies struct {
	answers  []reply
	requests []*http.Request
	times    []time.Time
}

func (s *replies) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	now := s.answers[min(len(s.requests), len(s.answers)-1)]
	s.requests, s.times = append(s.requests, r), append(s.times, time.Now())
	resp := &http.Response{StatusCode: now.status, Body: io.NopCloser(strings.NewReader(now.body)), Header: http.Header{}, Request: r}
	for name, value := range now.header {
		resp.Header.Set(name, value)
	}
	return resp, nil
}

const accepted = `{"id":0,"state":"available","output":{"status":"ok"}}`

// submitTo submits a statement in test time, and returns what the client told
// meanwhile and how long it took.
func submitTo(t *testing.T, server *replies, opts ...livy.Option) (notices []livy.Notice, took time.Duration, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		client, newErr := livy.New("http://livy", append(opts, livy.WithTransport(server))...)
		if newErr != nil {
			t.Fatal(newErr)
		}
		began := time.Now()
		ctx := livy.WithNotice(t.Context(), func(n livy.Notice) { notices = append(notices, n) })
		_, err = client.Submit(ctx, "0", livy.StatementRequest{Code: "spend()"})
		took = time.Since(began)
	})
	return notices, took, err
}

// TestRow23Throttled: the statement is sent once its time has come, whatever
// way the server tells it.
func TestRow23Throttled(t *testing.T) {
	// Test time begins at midnight UTC on 2000-01-01.
	for _, c := range []struct {
		name   string
		first  reply
		waits  time.Duration
		reason livy.Reason
	}{
		{"seconds", reply{429, map[string]string{"Retry-After": "3"}, `{"message":"Slow down"}`}, 3 * time.Second, livy.ReasonThrottled},
		{"date", reply{429, map[string]string{"Retry-After": "Sat, 01 Jan 2000 00:00:40 GMT"}, ""}, 40 * time.Second, livy.ReasonThrottled},
		{"date of a server whose clock is wrong",
			reply{429, map[string]string{"Retry-After": "Sat, 01 Jan 2000 09:00:40 GMT", "Date": "Sat, 01 Jan 2000 09:00:30 GMT"}, ""}, 10 * time.Second, livy.ReasonThrottled},
		{"Row84Until", reply{429, nil, `{"message":"Request is blocked by the upstream service until: 1/1/2000 12:01:30 AM (UTC)"}`}, 90 * time.Second, livy.ReasonThrottled},
		{"Row84UntilFarOff", reply{429, nil, `{"message":"blocked until: 1/1/2001 12:01:30 AM (UTC)"}`}, 5 * time.Minute, livy.ReasonThrottled},
		{"Row84UntilThePast", reply{429, nil, `{"message":"blocked until: 1/1/1999 12:01:30 AM (UTC)"}`}, 2 * time.Second, livy.ReasonThrottled},
		{"nothing said", reply{429, nil, ""}, 2 * time.Second, livy.ReasonThrottled},
		{"nonsense", reply{429, map[string]string{"Retry-After": "-7"}, ""}, 2 * time.Second, livy.ReasonThrottled},
		{"no capacity", reply{430, map[string]string{"Retry-After": "20"}, ""}, 20 * time.Second, livy.ReasonCapacity},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := &replies{answers: []reply{c.first, {status: 201, body: accepted}}}
			notices, took, err := submitTo(t, server)
			if err != nil || took != c.waits || len(server.requests) != 2 {
				t.Errorf("took %v, want %v; %d requests, error %v", took, c.waits, len(server.requests), err)
			}
			if len(notices) != 1 || notices[0].Reason != c.reason || notices[0].Op != "submit statement" {
				t.Errorf("told %+v", notices)
			}
		})
	}
}

func TestRow24ThrottledForEver(t *testing.T) {
	for status, capacity := range map[int]bool{429: false, 430: true} {
		server := &replies{answers: []reply{{status: status}}}
		notices, took, err := submitTo(t, server, livy.WithThrottleMax(time.Minute))
		var throttled *livy.ThrottledError
		if !errors.As(err, &throttled) || throttled.Capacity != capacity || throttled.Until.IsZero() || errors.As(err, new(*livy.UncertainError)) {
			t.Errorf("error is %#v", err)
		}
		if took > time.Minute || len(server.requests) < 3 || len(notices) != len(server.requests)-1 {
			t.Errorf("took %v, %d requests, %d notices", took, len(server.requests), len(notices))
		}
	}
}

// TestRow21Unavailable: a 503 to a submission may hide that it was taken, so
// it is not sent again, whenever the server says to come back.
func TestRow21Unavailable(t *testing.T) {
	server := &replies{answers: []reply{{status: 503, header: map[string]string{"Retry-After": "1"}}}}
	_, _, err := submitTo(t, server)
	if !errors.As(err, new(*livy.UncertainError)) || len(server.requests) != 1 {
		t.Errorf("%d requests, error %v", len(server.requests), err)
	}
}

func TestUnavailableWhileReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &replies{answers: []reply{{status: 503, header: map[string]string{"Retry-After": "120"}}, {status: 200, body: `{"id":0,"state":"idle"}`}}}
		client, err := livy.New("http://livy", livy.WithTransport(server))
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		s, err := client.Session(t.Context(), "0")
		if took := time.Since(began); err != nil || s.State != livy.SessionIdle || took != 2*time.Minute {
			t.Errorf("session %+v, error %v after %v", s, err, took)
		}
	})
}

// TestInterruptWhileThrottled: nothing was submitted, and that is what the
// error says.
func TestInterruptWhileThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &replies{answers: []reply{{status: 429, header: map[string]string{"Retry-After": "100"}}}}
		client, err := livy.New("http://livy", livy.WithTransport(server))
		if err != nil {
			t.Fatal(err)
		}
		interrupted := errors.New("interrupted")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(interrupted) })
		_, err = client.Submit(ctx, "0", livy.StatementRequest{Code: "1"})
		if !errors.Is(err, interrupted) || errors.As(err, new(*livy.UncertainError)) || len(server.requests) != 1 {
			t.Errorf("%d requests, error %v", len(server.requests), err)
		}
	})
}

// callBudget is a Budget that makes polls wait, the first of them twice.
type callBudget struct {
	urgent, other int
	wait          time.Duration
	blocked       time.Time
}

func (b *callBudget) Take(urgent bool) (time.Duration, bool) {
	if urgent {
		b.urgent++
		return 0, true
	}
	b.other++
	return b.wait, b.other > 1
}

func (b *callBudget) Block(until time.Time) { b.blocked = until }

func TestCallBudget(t *testing.T) {
	budget := &callBudget{wait: 4 * time.Second}
	synctest.Test(t, func(t *testing.T) {
		server := &replies{answers: []reply{{status: 429, header: map[string]string{"Retry-After": "9"}}, {status: 200, body: `{"id":0,"state":"running"}`}, {status: 200, body: accepted}}}
		client, err := livy.New("http://livy", livy.WithTransport(server), livy.WithBudget(budget))
		if err != nil {
			t.Fatal(err)
		}
		var notices []livy.Notice
		ctx := livy.WithNotice(t.Context(), func(n livy.Notice) { notices = append(notices, n) })
		s, err := client.Submit(ctx, "0", livy.StatementRequest{Code: "1"})
		if err != nil || budget.urgent != 2 || budget.blocked.Sub(server.times[0]) != 9*time.Second {
			t.Errorf("%+v, error %v", budget, err)
		}
		if _, err := client.WaitStatement(ctx, "0", s, nil); err != nil || budget.other != 2 {
			t.Errorf("%+v, error %v", budget, err)
		}
		if len(notices) != 3 || notices[1].Reason != livy.ReasonBudget {
			t.Errorf("told %+v", notices)
		}
	})
}
