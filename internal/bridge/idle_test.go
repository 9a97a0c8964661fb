// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// TestRow51IdleTimeout has a cell run for longer than the server lets a session
// be idle, to which GETs are no activity: the keep-alive holds it, and without
// that it would be lost.
func TestRow51IdleTimeout(t *testing.T) {
	for name, keepAlive := range map[string]bool{"kept alive": true, "not kept alive": false} {
		t.Run(name, func(t *testing.T) {
			inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
				b.request.IdleTimeout = "20m"
				engine.On("long", func(ctx context.Context, _ livytest.Call) (server.Output, error) {
					select {
					case <-time.After(3 * time.Hour):
						return livytest.TextOutput("done"), nil
					case <-ctx.Done(): // the session has ended
						return server.Output{}, context.Cause(ctx)
					}
				})
				if !keepAlive {
					seen.breaks(func(r *http.Request) (*http.Response, error) {
						if strings.HasSuffix(r.URL.Path, "/connect") {
							return answer(r, http.StatusOK, "{}")
						}
						return nil, nil
					})
				}
				r, done := begin(t, b, "long")
				err := <-done
				switch {
				case keepAlive && (err != nil || r.stdout() != "done\n"):
					t.Errorf("error %v, stdout %q", err, r.stdout())
				case !keepAlive:
					if e := cellError(t, err); e.EName != "SessionLost" {
						t.Errorf("got %s", e)
					}
				}
				if n := seen.count("POST /sessions/*/statements"); n != 1 {
					t.Errorf("posted %d times", n)
				}
			}, server.WithLimits(server.Limits{Watch: time.Minute}))
		})
	}
}

// TestRow52HeartbeatReaps the session of a kernel that was killed, when nobody
// goes on with it; that of one that lives and idles stays.
func TestRow52HeartbeatReaps(t *testing.T) {
	for name, killed := range map[string]bool{"killed": true, "idle": false} {
		t.Run(name, func(t *testing.T) {
			inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
				if err := b.Execute(t.Context(), cell("1+1"), &recorder{}); err != nil {
					t.Fatal(err)
				}
				s := b.session()
				if killed {
					s.end() // nothing beats any more
				}
				for _, c := range []struct {
					after  time.Duration
					living int
				}{{50 * time.Minute, 1}, {15 * time.Minute, map[bool]int{true: 0, false: 1}[killed]}} {
					time.Sleep(c.after)
					if n := engine.Living(); n != c.living {
						t.Errorf("%v later: %d drivers, want %d", c.after, n, c.living)
					}
				}
				if n := seen.count("DELETE /sessions/*"); n != 0 {
					t.Errorf("%d deletes", n)
				}
			}, server.WithLimits(server.Limits{Watch: time.Minute}))
		})
	}
}
