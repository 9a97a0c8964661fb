// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// scripted answers in the place of a server; no connection is made.
type scripted func(*http.Request) (int, string)

func (s scripted) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := s(r)
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{}, Request: r}, nil
}

func TestRequestsPerCell(t *testing.T) {
	for _, c := range []struct {
		lasts      time.Duration
		most       int
		deadTime   float64 // after the end, as a share of the duration
		extraSpare time.Duration
	}{
		{0, 0, 0, 0},
		{100 * time.Millisecond, 25, 0.1, 7 * time.Millisecond},
		{1300 * time.Millisecond, 130, 0.03, 7 * time.Millisecond},
		{4 * time.Second, 190, 0.03, 7 * time.Millisecond},
		{10 * time.Minute, 300, 0.055, 7 * time.Millisecond},
	} {
		t.Run(c.lasts.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				started, polls := time.Now(), 0
				client, err := livy.New("http://livy", livy.WithTransport(scripted(func(*http.Request) (int, string) {
					polls++
					state := "running"
					if time.Since(started) >= c.lasts {
						state = "available"
					}
					return 200, fmt.Sprintf(`{"id":0,"state":%q}`, state)
				})))
				if err != nil {
					t.Fatal(err)
				}
				first := livy.Statement{ID: "0", State: livy.StatementRunning}
				if c.lasts == 0 {
					first.State = livy.StatementAvailable
				}
				if _, err := client.WaitStatement(t.Context(), "0", first, nil); err != nil {
					t.Fatal(err)
				}
				if polls > c.most {
					t.Errorf("%d polls, want at most %d", polls, c.most)
				}
				dead := time.Since(started) - c.lasts
				if most := time.Duration(c.deadTime*float64(c.lasts)) + c.extraSpare; dead > most {
					t.Errorf("noticed %v after the end, want at most %v", dead, most)
				}
			})
		})
	}
}

func TestRow36UnknownStateIsNotTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		states := []string{"waiting", "finishing", "finishing", "", "Error"}
		var seen []livy.StatementState
		var log bytes.Buffer
		client, err := livy.New("http://livy", livy.WithTransport(scripted(func(*http.Request) (int, string) {
			state := states[0]
			states = states[1:]
			return 200, fmt.Sprintf(`{"id":"7","state":%q,"news":[1]}`, state)
		})), livy.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
		if err != nil {
			t.Fatal(err)
		}
		s, err := client.WaitStatement(t.Context(), "0", livy.Statement{ID: "7"}, func(s livy.Statement) { seen = append(seen, s.State) })
		if err != nil || s.State != livy.StatementError || len(seen) != 5 {
			t.Errorf("statement %+v, error %v, saw %v", s, err, seen)
		}
		if n := strings.Count(log.String(), "is not known"); n != 1 || !strings.Contains(log.String(), "finishing") {
			t.Errorf("logged %d times: %s", n, log.String())
		}
	})
}

func TestRow37NothingToShow(t *testing.T) {
	for body, want := range map[string]string{
		`{"id":1,"state":"available","output":null}`:                                             "",
		`{"id":1,"state":"available"}`:                                                           "",
		`{"id":1,"state":"available","output":{"status":"ok","data":{"application/x-new":[1]}}}`: "[1]",
	} {
		client, err := livy.New("http://livy", livy.WithTransport(scripted(func(*http.Request) (int, string) { return 200, body })))
		if err != nil {
			t.Fatal(err)
		}
		s, err := client.WaitStatement(t.Context(), "0", livy.Statement{ID: "1"}, nil)
		if err != nil || (s.Output == nil) != (want == "") || s.Output != nil && string(s.Output.Data["application/x-new"]) != want {
			t.Errorf("%s: statement %+v, error %v", body, s, err)
		}
	}
}

func TestGapInTheNetwork(t *testing.T) {
	for _, c := range []struct {
		gap  time.Duration
		lost bool
	}{{20 * time.Second, false}, {5 * time.Minute, true}} {
		t.Run(c.gap.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				started := time.Now()
				client, err := livy.New("http://livy", livy.WithTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
					if time.Since(started) < c.gap {
						return nil, errors.New("connection reset by peer")
					}
					return scripted(func(*http.Request) (int, string) { return 200, `{"id":0,"state":"available"}` }).RoundTrip(r)
				})))
				if err != nil {
					t.Fatal(err)
				}
				_, err = client.WaitStatement(t.Context(), "0", livy.Statement{ID: "0", State: livy.StatementRunning}, nil)
				var transport *livy.TransportError
				if errors.As(err, &transport) != c.lost || !c.lost && err != nil {
					t.Errorf("error is %v", err)
				}
				if c.lost && (transport.Tries < 5 || time.Since(started) > time.Minute) {
					t.Errorf("gave up after %v and %d tries", time.Since(started), transport.Tries)
				}
			})
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestRow43SessionDiesWhileWaiting(t *testing.T) {
	_, engine, client, id := start(t)
	began := make(chan struct{})
	engine.On("long", livytest.InOrder(livytest.Log(livytest.Until(began, livytest.Die()), "26/11/23 ERROR out of memory")))
	s, err := client.Submit(t.Context(), id, livy.StatementRequest{Code: "long", Kind: livy.KindPySpark})
	if err != nil {
		t.Fatal(err)
	}
	close(began)
	_, err = client.WaitStatement(t.Context(), id, s, nil)
	var lost *livy.SessionLostError
	if !errors.As(err, &lost) || !strings.Contains(strings.Join(lost.Log, "\n"), "out of memory") {
		t.Errorf("error is %v with %v", err, lost)
	}
}

func TestSessionThatDoesNotStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, err := livy.New("http://livy", livy.WithTransport(scripted(func(r *http.Request) (int, string) {
			if strings.HasSuffix(r.URL.Path, "/log") {
				return 200, `{"id":3,"log":["no such queue"]}`
			}
			return 200, `{"id":3,"state":"dead","log":["x"]}`
		})))
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.WaitSession(t.Context(), livy.Session{ID: "3", State: livy.SessionStarting}, nil)
		var failed *livy.SessionStartError
		if !errors.As(err, &failed) || failed.State != livy.SessionDead || failed.Log[0] != "no such queue" {
			t.Errorf("error is %v", err)
		}
	})
}
