// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package budget

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const perMinute = 200

var quiet = slog.New(slog.DiscardHandler)

// TestManyProgramsStayInsideTheQuota: twelve of them poll without a pause for
// ten minutes, each with its own view of the file, and submit as they like.
func TestManyProgramsStayInsideTheQuota(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var sent []time.Time
		end := time.Now().Add(10 * time.Minute)
		var programs sync.WaitGroup
		for i := range 12 {
			b := Open(dir, "ann", perMinute, quiet)
			programs.Go(func() {
				for n := 0; time.Now().Before(end); n++ {
					wait, taken := b.Take(n%25 == i)
					time.Sleep(wait)
					if !taken {
						continue
					}
					mu.Lock()
					sent = append(sent, time.Now())
					mu.Unlock()
				}
			})
		}
		programs.Wait()
		if len(sent) < 10*perMinute/2 {
			t.Errorf("%d requests in ten minutes: the budget is not made use of", len(sent))
		}
		for i, at := range sent {
			n := 0
			for _, other := range sent[i:] {
				if other.Sub(at) < time.Minute {
					n++
				}
			}
			if n > perMinute {
				t.Fatalf("%d requests in the minute from %v", n, at)
			}
		}
	})
}

// turn takes a request, which there has to be room for, and returns its wait.
func turn(t *testing.T, b *Bucket, urgent bool) time.Duration {
	t.Helper()
	wait, taken := b.Take(urgent)
	if !taken {
		t.Error("there is no room")
	}
	return wait
}

// TestTooMany: those for whom there is no room ask again, and nobody who was
// given a turn has it together with another.
func TestTooMany(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		b, last := Open(dir, "ann", perMinute, quiet), time.Duration(0)
		for {
			wait, taken := b.Take(false)
			if !taken {
				if wait <= 0 || wait >= maxQueue {
					t.Errorf("to be asked again after %v", wait)
				}
				break
			}
			if wait > 0 && wait <= last {
				t.Fatalf("waits %v after one that waits %v", wait, last)
			}
			last = wait
		}
		if last < maxQueue-time.Second {
			t.Errorf("the queue is %v long", last)
		}
		time.Sleep(comeAgain)
		if wait := turn(t, b, false); wait > maxQueue || wait < maxQueue-comeAgain {
			t.Errorf("waits %v", wait)
		}
	})
}

// TestTurnsAfterABlock: not all who wait for its end come at once.
func TestTurnsAfterABlock(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		b := Open(dir, "ann", perMinute, quiet)
		b.Block(time.Now().Add(time.Minute))
		atOnce := 0
		for range perMinute {
			if turn(t, b, false) == time.Minute {
				atOnce++
			}
		}
		if atOnce == 0 || atOnce > perMinute/2 {
			t.Errorf("%d requests at once after the block", atOnce)
		}
	})
}

// TestUrgentGoesFirst: polls of others do not hold up a cell.
func TestUrgentGoesFirst(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		polls, cell := Open(dir, "ann", perMinute, quiet), Open(dir, "ann", perMinute, quiet)
		for turn(t, polls, false) == 0 {
		}
		if wait := turn(t, cell, true); wait != 0 {
			t.Errorf("a submission waits %v", wait)
		}
		if wait := turn(t, cell, false); wait <= 0 || wait > 5*time.Second {
			t.Errorf("a poll waits %v", wait)
		}
		if wait := turn(t, Open(dir, "bob", perMinute, quiet), false); wait != 0 {
			t.Errorf("another identity waits %v", wait)
		}
		time.Sleep(time.Minute)
		if wait := turn(t, polls, false); wait != 0 {
			t.Errorf("after a minute a poll waits %v", wait)
		}
	})
}

// TestBlock: when the server refuses one program, all wait.
func TestBlock(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		one, other := Open(dir, "ann", perMinute, quiet), Open(dir, "ann", perMinute, quiet)
		one.Block(time.Now().Add(40 * time.Second))
		one.Block(time.Now().Add(3 * time.Second))
		for _, urgent := range []bool{true, false} {
			if wait := turn(t, other, urgent); wait != 40*time.Second {
				t.Errorf("urgent %v waits %v", urgent, wait)
			}
		}
		one.Block(time.Now().Add(9000 * time.Hour))
		if wait := turn(t, other, true); wait != maxWait {
			t.Errorf("waits %v", wait)
		}
	})
}

// TestWithoutTheFile: the budget is the process's own then, and that is said
// once.
func TestWithoutTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	b := Open(filepath.Join(file, "below"), "ann", perMinute, slog.New(slog.NewTextHandler(&log, nil)))
	taken := 0
	for turn(t, b, false) == 0 {
		taken++
	}
	if taken < perMinute/8 || taken > perMinute || strings.Count(log.String(), "\n") != 1 {
		t.Errorf("%d taken; the log is %s", taken, &log)
	}
}

func TestFilesAreTheUsersOwn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	Open(dir, "ann@example.com", perMinute, quiet).Take(false)
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' || strings.Contains(f.Name(), "ann") {
			t.Errorf("%s has mode %v, %v", f.Name(), info.Mode(), err)
		}
	}
}

// FuzzState: whatever stands in the file, nobody waits for ever.
func FuzzState(f *testing.F) {
	f.Add([]byte(`{"used":3,"time":"2026-01-01T00:00:00Z","blocked":"2099-01-01T00:00:00Z"}`))
	f.Add([]byte(`{"used":1e308,"time":"0001-01-01T00:00:00Z"}`))
	f.Add([]byte("x"))
	now := time.Date(2026, 1, 1, 0, 0, 1, 0, time.UTC)
	l := limits{rate: 2, burst: 60, reserve: 20}
	f.Fuzz(func(t *testing.T, text []byte) {
		s := decodeState(text)
		if wait, _ := s.take(now, l, false); wait < 0 || wait > maxQueue {
			t.Errorf("%q waits %v", text, wait)
		}
		if wait, taken := s.take(now.Add(3*maxQueue), l, false); wait > 0 || !taken {
			t.Errorf("%q waits %v much later", text, wait)
		}
	})
}
