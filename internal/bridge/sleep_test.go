// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// sleeper is a machine whose wall clock runs ahead by what it has slept.
type sleeper struct{ slept atomic.Int64 }

func (s *sleeper) wall() time.Time { return time.Now().Add(time.Duration(s.slept.Load())) }

func (s *sleeper) sleep(d time.Duration) { s.slept.Add(int64(d)) }

// TestRow85Wakefulness tells the machine's sleep, which the running time does
// not count, from time that went by.
func TestRow85Wakefulness(t *testing.T) {
	inTestTime(t, func(t *testing.T, _ *Bridge, _ *livytest.Engine, _ *counter) {
		var machine sleeper
		w := wakefulness{wall: machine.wall}
		if w.slept() {
			t.Error("slept before it was first asked")
		}
		for _, c := range []struct {
			ran, slept time.Duration
			want       bool
		}{{time.Second, 0, false}, {time.Hour, 0, false}, {time.Second, 8 * time.Hour, true}, {time.Second, 0, false}, {time.Second, time.Second, false}} {
			time.Sleep(c.ran)
			machine.sleep(c.slept)
			if got := w.slept(); got != c.want {
				t.Errorf("ran %v, slept %v: %v", c.ran, c.slept, got)
			}
		}
	})
}

// TestRow85SleepInACell asks at once when the machine is awake again, over new
// connections: those of before are dead, and a question over one would hang.
func TestRow85SleepInACell(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		var machine sleeper
		b.awake.wall = machine.wall
		// What is on its way when the machine falls asleep gets no answer.
		hung := make(chan struct{}, 1)
		engine.On("long", lasting(3*time.Hour))
		r, done := begin(t, b, "long")
		time.Sleep(2 * time.Hour) // polls are far between by now
		seen.breaks(func(r *http.Request) (*http.Response, error) {
			hung <- struct{}{}
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		<-hung
		machine.sleep(8 * time.Hour)
		awake := time.Now()
		seen.breaks(nil)
		before := seen.count("GET /sessions/*/statements/0")
		time.Sleep(2 * time.Second)
		if n := seen.count("GET /sessions/*/statements/0") - before; n == 0 || seen.closings() == 0 {
			t.Errorf("%v after the sleep: %d questions, connections closed %d times", time.Since(awake), n, seen.closings())
		}
		if err := <-done; err != nil || r.stdout() != "done\n" {
			t.Errorf("error %v, stdout %q", err, r.stdout())
		}
		if n := seen.count("POST /sessions/*/statements"); n != 1 {
			t.Errorf("posted %d times", n)
		}
	})
}

// TestRow85SleepBetweenCells sends the next cell over a new connection: its
// outcome would be unknown on a dead one.
func TestRow85SleepBetweenCells(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		var machine sleeper
		b.awake.wall = machine.wall
		for _, pause := range []time.Duration{0, 20 * time.Second, 0} {
			if err := b.Execute(t.Context(), cell("1+1"), &recorder{}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(pause)
		}
		if n := seen.closings(); n != 0 {
			t.Errorf("closed %d times without a sleep", n)
		}
		machine.sleep(20 * time.Minute)
		if err := b.Execute(t.Context(), cell("1+1"), &recorder{}); err != nil || seen.closings() != 1 || engine.Runs("1+1") != 4 {
			t.Errorf("error %v, closed %d times, %d runs", err, seen.closings(), engine.Runs("1+1"))
		}
	})
}

// expiring gives tokens that are good for an hour, by the time that they carry.
type expiring struct{}

func (expiring) Authorize(_ context.Context, r *http.Request) error {
	r.Header.Set("Authorization", "Bearer "+time.Now().Format(time.RFC3339Nano))
	return nil
}

// TestRow34TokenMeanwhile asks for a token with each request of a long cell, so
// that what is sent after a gap is good, whatever expired in it.
func TestRow34TokenMeanwhile(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, seen *counter) {
		client, err := livy.New("http://127.0.0.1", livy.WithTransport(seen), livy.WithAuthorizer(expiring{}))
		if err != nil {
			t.Fatal(err)
		}
		b.connect = func(context.Context, func(string)) (*livy.Client, io.Closer, error) { return client, nil, nil }
		judge := func(r *http.Request) (*http.Response, error) {
			_, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
			if made, err := time.Parse(time.RFC3339Nano, token); err != nil || time.Since(made) > time.Hour {
				return answer(r, http.StatusUnauthorized, "")
			}
			return nil, nil //nolint:nilnil // the request passes
		}
		seen.breaks(judge)
		engine.On("long", lasting(6*time.Hour))
		r, done := begin(t, b, "long")
		time.Sleep(2 * time.Hour)
		seen.breaks(unplugged)
		time.Sleep(50 * time.Minute)
		seen.breaks(judge)
		if err := <-done; err != nil || r.stdout() != "done\n" {
			t.Errorf("error %v, stdout %q", err, r.stdout())
		}
		seen.breaks(nil)
	})
}
