// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package detached

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// listen serves as a server with the token does.
func listen(t *testing.T, token string) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	t.Cleanup(srv.Close)
	return srv
}

// TestJoinAtOnce is two kernels of which neither finds a server: one starts it.
func TestJoinAtOnce(t *testing.T) {
	place := Place{StateDir: t.TempDir(), SparkDir: "spark"}
	srv := listen(t, "secret")
	var starts atomic.Int32
	var joins sync.WaitGroup
	for range 8 {
		joins.Go(func() {
			s, err := place.Join(t.Context(), func(context.Context) error {
				starts.Add(1)
				_, err := place.Publish(Server{URL: srv.URL, Token: "secret"})
				return err
			})
			if err != nil || s.URL != srv.URL {
				t.Errorf("got %+v, %v", s.URL, err)
			}
		})
	}
	joins.Wait()
	if n := starts.Load(); n != 1 {
		t.Errorf("%d servers were started", n)
	}
	if info, err := os.Stat(place.path(".json")); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("token file: %v, %v", info, err)
	}
	if _, err := (Place{StateDir: place.StateDir, SparkDir: "another"}).Find(t.Context()); !errors.Is(err, ErrNone) {
		t.Errorf("the server of another Spark: %v", err)
	}
}

// TestStaleServer is what a server leaves that was killed, or that somebody
// else could have written.
func TestStaleServer(t *testing.T) {
	srv := listen(t, "secret")
	ended := httptest.NewServer(http.NotFoundHandler())
	ended.Close()
	for name, write := range map[string]func(p Place) error{
		"nothing":         func(Place) error { return nil },
		"ended":           func(p Place) error { _, err := p.Publish(Server{URL: ended.URL, Token: "secret"}); return err },
		"another token":   func(p Place) error { _, err := p.Publish(Server{URL: srv.URL, Token: "old"}); return err },
		"another machine": func(p Place) error { _, err := p.Publish(Server{URL: "http://192.0.2.1:80", Token: "x"}); return err },
		"not JSON":        func(p Place) error { return os.WriteFile(p.path(".json"), []byte("{"), 0o600) },
		"readable by all": func(p Place) error {
			_, err := p.Publish(Server{URL: srv.URL, Token: "secret"})
			if runtime.GOOS == "windows" {
				return os.Remove(p.path(".json")) // modes tell nothing there
			}
			return errors.Join(err, os.Chmod(p.path(".json"), 0o644))
		},
	} {
		t.Run(name, func(t *testing.T) {
			place := Place{StateDir: t.TempDir(), SparkDir: "spark"}
			if err := write(place); err != nil {
				t.Fatal(err)
			}
			if s, err := place.Find(t.Context()); !errors.Is(err, ErrNone) {
				t.Errorf("found %s, %v", s.URL, err)
			}
		})
	}
}

// TestRemoveLeavesTheNext is a server that ends after another one was started.
func TestRemoveLeavesTheNext(t *testing.T) {
	place := Place{StateDir: t.TempDir(), SparkDir: "spark"}
	srv := listen(t, "second")
	first, err := place.Publish(Server{URL: "http://127.0.0.1:1", Token: "first"})
	if err != nil {
		t.Fatal(err)
	}
	second, err := place.Publish(Server{URL: srv.URL, Token: "second"})
	if err != nil {
		t.Fatal(err)
	}
	if err := first(); err != nil {
		t.Error(err)
	}
	if _, err := place.Find(t.Context()); err != nil {
		t.Errorf("the second one is not found: %v", err)
	}
	if err := second(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(place.path(".json")); !os.IsNotExist(err) {
		t.Errorf("the file is still there: %v", err)
	}
}

func TestIdle(t *testing.T) {
	for name, c := range map[string]struct {
		sessions int
		busyFor  time.Duration
		asked    time.Duration // when the last request came
		want     time.Duration
	}{
		"empty":            {0, 0, 0, EmptyTime},
		"empty, but asked": {0, 0, 3 * time.Minute, 3*time.Minute + EmptyTime},
		"kept":             {1, 0, 0, IdleTime},
		"busy":             {1, 20 * time.Hour, 0, 20*time.Hour + IdleTime},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				idle := new(Idle)
				handler := idle.Watch(http.NotFoundHandler())
				go func() {
					time.Sleep(c.asked)
					handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody))
				}()
				idle.Wait(t.Context(), func() (int, bool) { return c.sessions, time.Since(began) < c.busyFor })
				if took := time.Since(began); took < c.want-lookInterval || took > c.want+lookInterval {
					t.Errorf("ended after %v, want %v", took, c.want)
				}
			})
		})
	}
}

func TestReadPlace(t *testing.T) {
	for text, ok := range map[string]bool{`{"stateDir":"a","sparkDir":"b"}`: true, `{"stateDir":"a"}`: false, ``: false, `[]`: false} {
		if _, err := ReadPlace(strings.NewReader(text)); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}
