// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/livytest/recording"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// These tests take what a real Apache Livy was recorded to answer.

// recorded returns the last answer to that request with that status and words.
func recorded(t *testing.T, scenario, request string, status int, words ...string) string {
	t.Helper()
	s, err := recording.Load(scenario)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(s.Steps) - 1; i >= 0; i-- {
		if e := s.Steps[i]; e.Name() == request && e.Status == status && strings.Contains(string(e.Answer), strings.Join(words, " ")) {
			return string(e.Answer)
		}
	}
	t.Fatalf("%s holds no %s that was answered %d", scenario, request, status)
	return ""
}

// TestRow39PlainPython is not stopped by a cancel: the server calls it
// cancelled after half a minute, and goes on with it. The next cell shows for
// how long, and then runs.
func TestRow39PlainPython(t *testing.T) {
	s, err := recording.Load("cancel_timeout_30s")
	if err != nil {
		t.Fatal(err)
	}
	var interrupted, ended time.Duration
	for _, e := range s.Steps {
		switch {
		case strings.HasSuffix(e.Path, "/cancel"):
			interrupted = e.Offset()
		case e.Path == "/sessions/16/statements/2" && strings.Contains(string(e.Answer), `"available"`):
			ended = e.Offset() // which waited for the one before
		}
	}
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		engine.On("loop", func(context.Context, livytest.Call) (server.Output, error) {
			time.Sleep(time.Second + ended - interrupted)
			return livytest.TextOutput("end of loop"), nil
		})
		engine.On("k", livytest.Text("49"))
		ctx, interrupt := context.WithCancelCause(t.Context())
		done := make(chan error, 1)
		go func() { done <- b.Execute(ctx, cell("loop"), &recorder{}) }()
		time.Sleep(time.Second)
		interrupt(kernel.ErrInterrupted)
		if e := cellError(t, <-done); e.EName != "KeyboardInterrupt" || !strings.Contains(e.EValue, "may still be busy") || !strings.Contains(e.EValue, "%%session new") {
			t.Errorf("got %s", e)
		}
		r, next := begin(t, b, "k")
		for range 2 { // before the server gives up on it, and after
			time.Sleep(20 * time.Second)
			if got := r.shown(); !strings.Contains(got, "Waiting for the interrupted cell to end on Spark; the interrupt was ") || !strings.Contains(got, "%%session new does not wait") {
				t.Errorf("shown %q", got)
			}
		}
		if err := <-next; err != nil || r.stdout() != "49\n" || r.shown() != "The interrupted cell before this one has ended." {
			t.Errorf("error %v, stdout %q, shown %q", err, r.stdout(), r.shown())
		}
		if n := seen.count("POST /sessions/*/statements/0/cancel"); n != 1 {
			t.Errorf("cancel was posted %d times", n)
		}
	}, server.WithCancelTimeout(30*time.Second))
}

// TestRow40CancelOfWhatHasEnded is answered as any cancel, and the result
// stands.
func TestRow40CancelOfWhatHasEnded(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		taken := recorded(t, "cancel_timeout_30s", "POST /sessions/16/statements/1/cancel", http.StatusOK)
		engine.On("short", lasting(10*time.Second))
		ctx, interrupt := context.WithCancelCause(t.Context())
		r, done := &recorder{}, make(chan error, 1)
		go func() { done <- b.Execute(ctx, cell("short"), r) }()
		time.Sleep(9500 * time.Millisecond)
		seen.breaks(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/cancel") {
				time.Sleep(600 * time.Millisecond) // it has ended by itself
				return answer(r, http.StatusOK, taken)
			}
			return nil, nil //nolint:nilnil // the request passes
		})
		interrupt(kernel.ErrInterrupted)
		if err := <-done; err != nil || r.stdout() != "done\n" {
			t.Errorf("error %v, stdout %q", err, r.stdout())
		}
		seen.breaks(nil)
	})
}

// TestRow42Retained is the answer about a statement beyond the hundred that
// the server keeps.
func TestRow42Retained(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		forgotten := recorded(t, "long/spark_ui_progress", "GET /sessions/2/statements/0", http.StatusNotFound)
		engine.On("long", lasting(time.Minute))
		_, done := begin(t, b, "long")
		time.Sleep(30 * time.Second)
		seen.breaks(func(r *http.Request) (*http.Response, error) {
			if strings.Contains(r.URL.Path, "/statements/") {
				return answer(r, http.StatusNotFound, forgotten)
			}
			return nil, nil //nolint:nilnil // the request passes
		})
		if e := cellError(t, <-done); e.EName != "ResultLost" || !strings.Contains(e.EValue, "not sent again") {
			t.Errorf("got %s", e)
		}
		seen.breaks(nil)
		if engine.Runs("long") != 1 {
			t.Errorf("it ran %d times", engine.Runs("long"))
		}
	})
}

// TestRow43KilledDriver is lost by whatever request meets it, with the last
// lines of its log; the next cell has a new session.
func TestRow43KilledDriver(t *testing.T) {
	const session = "/sessions/3"
	dead := recorded(t, "kill_driver", "GET "+session, http.StatusOK)
	for name, meets := range map[string]func(t *testing.T, b *Bridge, seen *counter) error{
		"while it waits": func(t *testing.T, b *Bridge, seen *counter) error {
			_, done := begin(t, b, "long")
			time.Sleep(30 * time.Second)
			seen.breaks(gone(t, dead))
			return <-done
		},
		"with the next cell": func(t *testing.T, b *Bridge, seen *counter) error {
			seen.breaks(gone(t, dead))
			return b.Execute(t.Context(), cell("1+1"), &recorder{})
		},
	} {
		t.Run(name, func(t *testing.T) {
			inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
				engine.On("long", lasting(time.Minute))
				if err := b.Execute(t.Context(), cell("1+1"), &recorder{}); err != nil {
					t.Fatal(err)
				}
				e := cellError(t, meets(t, b, seen))
				if e.EName != "SessionLost" || !strings.Contains(e.EValue, "dead") || len(e.Traceback) < 3 {
					t.Errorf("got %s, %q", e, e.Traceback)
				}
				seen.breaks(nil)
				r := &recorder{}
				if err := b.Execute(t.Context(), cell("1+1"), r); err != nil || !strings.HasPrefix(r.shown(), "New Spark session 1 is ready") {
					t.Errorf("error %v, shown %q", err, r.shown())
				}
			})
		})
	}
}

// gone answers for a session whose driver was killed.
func gone(t *testing.T, dead string) func(*http.Request) (*http.Response, error) {
	t.Helper()
	statement := recorded(t, "kill_driver", "GET /sessions/3/statements/1", http.StatusBadRequest)
	submission := recorded(t, "kill_driver", "POST /sessions/3/statements", http.StatusInternalServerError)
	log := recorded(t, "kill_driver", "GET /sessions/3/log", http.StatusOK)
	return func(r *http.Request) (*http.Response, error) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/log"):
			return answer(r, http.StatusOK, log)
		case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/statements"):
			return answer(r, http.StatusInternalServerError, submission)
		case strings.Contains(r.URL.Path, "/statements"):
			return answer(r, http.StatusBadRequest, statement)
		case r.Method == http.MethodGet:
			return answer(r, http.StatusOK, dead)
		}
		return nil, nil //nolint:nilnil // the request passes
	}
}

// TestRow44RestartedServer gives a stranger the id of the session that a cell
// runs in: the cell is lost, and nothing of the stranger's is touched.
func TestRow44RestartedServer(t *testing.T) {
	const restarted = "restart/server_restart_without_recovery"
	stranger := recorded(t, restarted, "GET /sessions/0", http.StatusOK)
	unknown := recorded(t, restarted, "GET /sessions/0", http.StatusNotFound)
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		engine.On("long", lasting(time.Minute))
		_, done := begin(t, b, "long")
		time.Sleep(30 * time.Second)
		meant := 0
		seen.breaks(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/sessions/0" || strings.HasPrefix(r.URL.Path, "/sessions/0/") {
				if r.Method != http.MethodGet {
					meant++
				}
				return answer(r, http.StatusOK, stranger)
			}
			return answer(r, http.StatusNotFound, unknown)
		})
		if e := cellError(t, <-done); e.EName != "SessionLost" {
			t.Errorf("got %s", e)
		}
		if meant != 0 {
			t.Errorf("%d requests that change the stranger's session", meant)
		}
		seen.breaks(nil)
	})
}

// TestRow44KeptAndRestarted is a kept session whose id is a stranger's by now.
func TestRow44KeptAndRestarted(t *testing.T) {
	ks := newKernels(t, config.Kernel{OnShutdown: "keep"})
	ks.must("1+1")
	ks.closeNow()
	ks.server.Inject("GET /sessions/0", livytest.Status(http.StatusOK, recorded(t, "restart/server_restart_without_recovery", "GET /sessions/0", http.StatusOK)))
	ks.next("nb")
	r := ks.must("1+1")
	if !strings.Contains(r.streams["stderr"], "is gone") || !strings.HasPrefix(r.shown(), "Spark session 1 is ready") || ks.server.Count("DELETE /sessions/0") != 0 {
		t.Errorf("streams %q, shown %q", r.streams, r.shown())
	}
}

// TestRow47DuplicateName is the answer to a request that was taken already.
func TestRow47DuplicateName(t *testing.T) {
	duplicate := recorded(t, "named_sessions", "POST /sessions", http.StatusBadRequest, "Duplicate session name")
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		seen.createAnswered(func(r *http.Request) (*http.Response, error) { return answer(r, http.StatusBadRequest, duplicate) })
		r := &recorder{}
		if err := b.Execute(t.Context(), cell("1+1"), r); err != nil || seen.count("POST /sessions") != 1 || engine.Living() != 1 {
			t.Errorf("error %v, %d sessions asked for, %d drivers", err, seen.count("POST /sessions"), engine.Living())
		}
		seen.breaks(nil)
	})
}
