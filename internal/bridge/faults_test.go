// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// lasting is a statement that runs for d.
func lasting(d time.Duration) livytest.Behaviour {
	return func(context.Context, livytest.Call) (server.Output, error) {
		time.Sleep(d)
		return livytest.TextOutput("done"), nil
	}
}

func unplugged(*http.Request) (*http.Response, error) { return nil, syscall.ECONNRESET }

// unanswered is a request that nobody answers.
func unanswered(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, context.Cause(r.Context())
}

func answer(r *http.Request, status int, body string) (*http.Response, error) {
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{}, Request: r}, nil
}

// begin runs a cell in the background of a test in test time.
func begin(t *testing.T, b *Bridge, code string) (*recorder, chan error) {
	t.Helper()
	r, done := &recorder{}, make(chan error, 1)
	go func() { done <- b.Execute(t.Context(), cell(code), r) }()
	return r, done
}

// TestRow33And34NetworkGap goes on with a cell after the network was away for
// less than the server's heartbeat, and says meanwhile that it is.
func TestRow33And34NetworkGap(t *testing.T) {
	for name, gap := range map[string]time.Duration{"a minute": time.Minute, "50 minutes": 50 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
				engine.On("long", lasting(6*time.Hour))
				r, done := begin(t, b, "long")
				time.Sleep(time.Hour)
				seen.breaks(unplugged)
				time.Sleep(gap)
				if got := r.shown(); !strings.Contains(got, "out of reach") || !strings.Contains(got, "The code goes on there") {
					t.Errorf("shown %q", got)
				}
				seen.breaks(nil)
				if err := <-done; err != nil || r.stdout() != "done\n" || strings.Contains(r.shown(), "out of reach") {
					t.Errorf("error %v, stdout %q, shown %q", err, r.stdout(), r.shown())
				}
				if n := seen.count("POST /sessions/*/statements"); n != 1 {
					t.Errorf("posted %d times", n)
				}
			})
		})
	}
}

// TestRow34KeptSession has no heartbeat, and so its cell outlasts any gap: the
// machine may be off the network for a day.
func TestRow34KeptSession(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		b.keeping = true
		defer func() { b.keeping = false }() // the test leaves no session
		engine.On("long", lasting(26*time.Hour))
		r, done := begin(t, b, "long")
		time.Sleep(time.Hour)
		seen.breaks(unplugged)
		time.Sleep(24 * time.Hour)
		seen.breaks(nil)
		if err := <-done; err != nil || r.stdout() != "done\n" {
			t.Errorf("error %v, stdout %q", err, r.stdout())
		}
	})
}

// TestRow34HeartbeatOfTheProfile counts in place of the usual hour, and an idle
// notebook beats it in time.
func TestRow34HeartbeatOfTheProfile(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		b.request.HeartbeatTimeoutInSecond = 120
		engine.On("long", lasting(time.Hour))
		r := &recorder{}
		for _, code := range []string{"1+1", "%%info"} {
			if err := b.Execute(t.Context(), cell(code), r); err != nil {
				t.Fatal(err)
			}
		}
		if got := r.shown(); !strings.Contains(got, "2m0s after it is killed or out of reach") {
			t.Errorf("shown %q", got)
		}
		time.Sleep(5 * time.Hour)
		if err := b.Execute(t.Context(), cell("1+1"), r); err != nil {
			t.Errorf("after a pause: %v", err)
		}
		_, done := begin(t, b, "long")
		time.Sleep(time.Minute)
		seen.breaks(unplugged)
		away := time.Now()
		if e := cellError(t, <-done); e.EName != "SessionLost" || time.Since(away) > 5*time.Minute {
			t.Errorf("after %v: %s", time.Since(away), e)
		}
		seen.breaks(nil)
	}, server.WithLimits(server.Limits{Watch: 10 * time.Second}))
}

// TestRow34GapBeyondTheHeartbeat is the end of the session.
func TestRow34GapBeyondTheHeartbeat(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		engine.On("long", lasting(3*time.Hour))
		_, done := begin(t, b, "long")
		time.Sleep(time.Hour)
		seen.breaks(unplugged)
		if e := cellError(t, <-done); e.EName != "SessionLost" || !strings.Contains(e.EValue, "out of reach") {
			t.Errorf("got %s", e)
		}
		seen.breaks(nil)
	})
}

// TestRow45ServerRecovers waits for a server that finds its sessions again.
func TestRow45ServerRecovers(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		engine.On("long", lasting(10*time.Minute))
		r, done := begin(t, b, "long")
		time.Sleep(time.Minute)
		seen.breaks(unplugged)
		time.Sleep(30 * time.Second)
		seen.breaks(func(r *http.Request) (*http.Response, error) {
			if strings.Contains(r.URL.Path, "/statements/") {
				return answer(r, http.StatusInternalServerError, `"java.lang.IllegalStateException: Session is in state recovering"`)
			}
			return answer(r, http.StatusOK, `{"id":0,"state":"recovering"}`)
		})
		time.Sleep(time.Minute)
		seen.breaks(nil)
		if err := <-done; err != nil || r.stdout() != "done\n" {
			t.Errorf("error %v, stdout %q", err, r.stdout())
		}
	})
}

// TestRow41CancelFails tries the cancel again, and posts it no more once it is
// taken.
func TestRow41CancelFails(t *testing.T) {
	for name, fault := range map[string]func(*http.Request) (*http.Response, error){
		"404":      func(r *http.Request) (*http.Response, error) { return answer(r, http.StatusNotFound, `{"msg":"no"}`) },
		"500":      func(r *http.Request) (*http.Response, error) { return answer(r, http.StatusInternalServerError, "") },
		"reset":    unplugged,
		"time-out": unanswered,
	} {
		t.Run(name, func(t *testing.T) {
			inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
				engine.On("long", livytest.Until(nil, nil))
				ctx, interrupt := context.WithCancelCause(t.Context())
				done := make(chan error)
				go func() { done <- b.Execute(ctx, cell("long"), &recorder{}) }()
				time.Sleep(time.Minute)
				failed := 0
				seen.breaks(func(r *http.Request) (*http.Response, error) {
					if strings.HasSuffix(r.URL.Path, "/cancel") && failed == 0 {
						failed++
						return fault(r)
					}
					return nil, nil //nolint:nilnil // the request passes
				})
				interrupt(kernel.ErrInterrupted)
				if e := cellError(t, <-done); e.EName != "KeyboardInterrupt" {
					t.Errorf("got %s", e)
				}
				time.Sleep(time.Minute)
				if n := seen.count("POST /sessions/*/statements/0/cancel"); n != 2 {
					t.Errorf("posted %d times", n)
				}
				if err := b.Execute(t.Context(), cell("1+1"), &recorder{}); err != nil { // the first has stopped
					t.Error(err)
				}
			})
		})
	}
}

// TestRow46And47CreateWithoutAnswer finds the session by its name.
func TestRow46And47CreateWithoutAnswer(t *testing.T) {
	for name, lost := range map[string]func(r *http.Request) (*http.Response, error){
		"row 46, reset":    unplugged,
		"row 46, time-out": unanswered,
		"row 46, 504":      func(r *http.Request) (*http.Response, error) { return answer(r, http.StatusGatewayTimeout, "") },
		"row 47, duplicate": func(r *http.Request) (*http.Response, error) {
			return answer(r, http.StatusBadRequest, `{"msg":"Rejected, Reason: Duplicate session name: Some(livy-kernel-1) for session 0"}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
				seen.createAnswered(lost)
				r := &recorder{}
				if err := b.Execute(t.Context(), cell("1+1"), r); err != nil {
					t.Fatal(err)
				}
				if n := seen.count("POST /sessions"); n != 1 || engine.Living() != 1 || r.stdout() != "2\n" {
					t.Errorf("%d sessions asked for, %d drivers, stdout %q", n, engine.Living(), r.stdout())
				}
			})
		})
	}
}

// TestRow48StuckStart gives up after the profile's time, and deletes the
// session.
func TestRow48StuckStart(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		engine.OnStart(func(ctx context.Context, _ server.Spec) error { <-ctx.Done(); return ctx.Err() })
		began := time.Now()
		r, done := begin(t, b, "1+1")
		time.Sleep(5*time.Minute + time.Millisecond)
		if got := r.shown(); !strings.HasPrefix(got, "Starting Spark session … 300 s, state starting") {
			t.Errorf("shown %q", got)
		}
		e := cellError(t, <-done)
		if e.EName != "SessionStartFailed" || !strings.Contains(e.EValue, "state starting after 10m0s") || time.Since(began) > 11*time.Minute {
			t.Errorf("after %v: %s", time.Since(began), e)
		}
		if n := seen.count("DELETE /sessions/0"); n != 1 {
			t.Errorf("%d deletes", n)
		}
	})
}

// TestRow49NoCapacity says so in words, and does not ask again and again.
func TestRow49NoCapacity(t *testing.T) {
	for name, c := range map[string]struct {
		status      int
		body        string
		ename, says string
		most        int // requests for a session
	}{
		"too many are created":   {http.StatusBadRequest, `{"msg":"Rejected, too many sessions are being created!"}`, "RequestRefused", "too many sessions are being created", 1},
		"no compute is free":     {430, `{"errorCode":"TooManyRequestsForCapacity","message":"in use"}`, "Throttled", "there is no compute capacity free", 30},
		"nobody may have one":    {http.StatusForbidden, `{"msg":"user ann may not create sessions"}`, "AccessDenied", "may not create sessions", 1},
		"too many for this user": {http.StatusTooManyRequests, "", "Throttled", "nothing was submitted", 30},
	} {
		t.Run(name, func(t *testing.T) {
			inTestTime(t, func(t *testing.T, b *Bridge, _ *livytest.Engine, seen *counter) {
				seen.breaks(func(r *http.Request) (*http.Response, error) { return answer(r, c.status, c.body) })
				if e := cellError(t, b.Execute(t.Context(), cell("1+1"), &recorder{})); e.EName != c.ename || !strings.Contains(e.EValue, c.says) {
					t.Errorf("got %s", e)
				}
				if n := seen.count("POST /sessions"); n > c.most {
					t.Errorf("asked %d times", n)
				}
				seen.breaks(nil)
			})
		})
	}
}

// TestRow42StatementForgotten is a lost result, not a reason to run the cell
// again.
func TestRow42StatementForgotten(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		engine.On("long", lasting(time.Minute))
		_, done := begin(t, b, "long")
		time.Sleep(30 * time.Second)
		seen.breaks(func(r *http.Request) (*http.Response, error) {
			if strings.Contains(r.URL.Path, "/statements/") {
				return answer(r, http.StatusNotFound, `"Statement not found"`)
			}
			return nil, nil //nolint:nilnil // the request passes
		})
		if e := cellError(t, <-done); e.EName != "ResultLost" || !strings.Contains(e.EValue, "may still run") {
			t.Errorf("got %s", e)
		}
		seen.breaks(nil)
		time.Sleep(time.Minute)
		if err := b.Execute(t.Context(), cell("1+1"), &recorder{}); err != nil {
			t.Error(err)
		}
		if engine.Runs("long") != 1 {
			t.Errorf("it ran %d times", engine.Runs("long"))
		}
	})
}

// TestRow23Throttled waits as long as the server says, shows it, and runs the
// cell once.
func TestRow23Throttled(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		if err := b.Execute(t.Context(), cell("1+1"), &recorder{}); err != nil {
			t.Fatal(err)
		}
		throttled := 0
		seen.breaks(func(r *http.Request) (*http.Response, error) {
			if r.Method != http.MethodPost || throttled > 0 {
				return nil, nil //nolint:nilnil // the request passes
			}
			throttled++
			refused, err := answer(r, http.StatusTooManyRequests, "")
			refused.Header.Set("Retry-After", "30")
			return refused, err
		})
		r, done := begin(t, b, "1+1")
		time.Sleep(20 * time.Second)
		if got := r.shown(); !strings.HasPrefix(got, "The server takes no more requests for now; going on at ") {
			t.Errorf("shown %q", got)
		}
		if err := <-done; err != nil || r.stdout() != "2\n" || r.shown() != "" {
			t.Errorf("error %v, stdout %q, shown %q", err, r.stdout(), r.shown())
		}
		if engine.Runs("1+1") != 2 {
			t.Errorf("ran %d times in two cells", engine.Runs("1+1"))
		}
	})
}

// TestRow24ThrottledForEver gives up, and nothing was submitted.
func TestRow24ThrottledForEver(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		if err := b.Execute(t.Context(), cell("1+1"), &recorder{}); err != nil {
			t.Fatal(err)
		}
		seen.breaks(func(r *http.Request) (*http.Response, error) {
			refused, err := answer(r, http.StatusTooManyRequests, "")
			refused.Header.Set("Retry-After", "60")
			return refused, err
		})
		if e := cellError(t, b.Execute(t.Context(), cell("1+1"), &recorder{})); e.EName != "Throttled" || !strings.Contains(e.EValue, "nothing was submitted") {
			t.Errorf("got %s", e)
		}
		seen.breaks(nil)
		if engine.Runs("1+1") != 1 {
			t.Errorf("ran %d times", engine.Runs("1+1"))
		}
	})
}

// TestRow21Unavailable looks the statement up, then says that it is unknown;
// it is not sent again.
func TestRow21Unavailable(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		if err := b.Execute(t.Context(), cell("1+1"), &recorder{}); err != nil {
			t.Fatal(err)
		}
		posted := 0
		seen.breaks(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/statements") {
				posted++
				return answer(r, http.StatusServiceUnavailable, "")
			}
			return nil, nil //nolint:nilnil // the request passes
		})
		r, done := begin(t, b, "1+1")
		time.Sleep(5 * time.Second)
		if got := r.shown(); !strings.HasPrefix(got, "No answer came; looking up whether the request was taken") {
			t.Errorf("shown %q", got)
		}
		if e := cellError(t, <-done); e.EName != "SubmissionUnknown" {
			t.Errorf("got %s", e)
		}
		if engine.Runs("1+1") != 1 || posted != 1 {
			t.Errorf("%d runs, posted %d times", engine.Runs("1+1"), posted)
		}
	})
}
