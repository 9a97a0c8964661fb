// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// TestRow50NotFoundJustAfterCreate: a session, or a statement, that the server
// has just taken may be unknown to it for a while.
func TestRow50NotFoundJustAfterCreate(t *testing.T) {
	const notFound = `{"errorCode":"EntityNotFound","message":"The requested resource could not be found"}`
	for _, c := range []struct {
		unknown time.Duration
		ok      bool
	}{{20 * time.Second, true}, {10 * time.Minute, false}} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			client := onFabric(t, func(r *http.Request) (int, string) {
				if r.Method != http.MethodGet {
					t.Errorf("%s %s", r.Method, r.URL)
				}
				if strings.Contains(r.URL.Path, "/statements/") {
					if time.Since(began) < c.unknown {
						return 404, notFound
					}
					return 200, accepted
				}
				if time.Since(began) < c.unknown && !strings.HasSuffix(r.URL.Path, "ready") {
					return 404, notFound
				}
				return 200, `{"id":"x","state":"idle"}`
			})
			if _, err := client.WaitSession(t.Context(), livy.Session{ID: sessionGUID, State: "starting"}, nil); (err == nil) != c.ok {
				t.Errorf("session unknown for %v: %v", c.unknown, err)
			}
			began = time.Now()
			_, err := client.WaitStatement(t.Context(), "ready", livy.Statement{ID: "0", State: "waiting"}, nil)
			if (err == nil) != c.ok || errors.As(err, new(*livy.SessionLostError)) {
				t.Errorf("statement unknown for %v: %v", c.unknown, err)
			}
			if took := time.Since(began); took > 2*time.Minute {
				t.Errorf("took %v", took)
			}
		})
	}
}

// TestRow42StatementForgotten: it is not said to have failed, nor the session
// to be lost.
func TestRow42StatementForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		polls := 0
		client, err := livy.New("http://livy", livy.WithTransport(scripted(func(r *http.Request) (int, string) {
			polls++
			return 404, `"Statement not found"`
		})))
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.WaitStatement(t.Context(), "0", livy.Statement{ID: "7", State: "running"}, nil)
		var api *livy.APIError
		if !errors.As(err, &api) || api.StatusCode != 404 || errors.As(err, new(*livy.SessionLostError)) || polls < 2 {
			t.Errorf("%d polls, error %v", polls, err)
		}
	})
}

// TestSessionEndsWhileItsStatementRuns for ever, as far as the server says.
func TestSessionEndsWhileItsStatementRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := onFabric(t, func(r *http.Request) (int, string) {
			if strings.Contains(r.URL.Path, "/statements/") {
				return 200, `{"id":0,"state":"running"}`
			}
			return 200, `{"id":"x","state":"idle","livyInfo":{"currentState":"killed"},"cancellationReason":"idle for too long"}`
		})
		_, err := client.WaitStatement(t.Context(), sessionGUID, livy.Statement{ID: "0"}, nil)
		var lost *livy.SessionLostError
		if !errors.As(err, &lost) || lost.State != livy.SessionKilled || len(lost.Log) != 1 {
			t.Errorf("error is %v", err)
		}
	})
}

// TestPollsStayInsideTheQuota: at most 60 requests for a cell of ten minutes.
func TestPollsStayInsideTheQuota(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, requests := time.Now(), 0
		client := onFabric(t, func(r *http.Request) (int, string) {
			requests++
			if !strings.Contains(r.URL.Path, "/statements/") {
				return 200, `{"id":"x","state":"busy"}`
			}
			if time.Since(began) < 10*time.Minute {
				return 200, `{"id":0,"state":"running"}`
			}
			return 200, accepted
		})
		if _, err := client.WaitStatement(t.Context(), sessionGUID, livy.Statement{ID: "0"}, nil); err != nil || requests > 60 {
			t.Errorf("%d requests, error %v", requests, err)
		}
	})
}
