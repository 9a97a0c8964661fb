// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// kernels is a bench on which one kernel of a notebook follows another.
type kernels struct {
	*bench
	store   *sessions.Store
	kernel  config.Kernel
	dialect livy.Dialect
}

func newKernels(t *testing.T, k config.Kernel) *kernels {
	t.Helper()
	return newKernelsOn(t, k)
}

func newKernelsOn(t *testing.T, k config.Kernel, options ...livytest.Option) *kernels {
	t.Helper()
	bn := newBench(t, livy.KindPySpark, options...)
	ks := &kernels{bench: bn, store: sessions.NewStore(filepath.Join(t.TempDir(), "sessions"), slog.New(slog.DiscardHandler)), kernel: k}
	ks.next("nb")
	t.Cleanup(func() { // what a test has kept
		ks.closeNow()
		list, err := bn.client.Sessions(context.Background())
		if err != nil {
			t.Error(err)
		}
		for _, s := range list {
			if err := bn.client.DeleteSession(context.Background(), s.ID); err != nil {
				t.Error(err)
			}
		}
	})
	return ks
}

// next makes the kernel of a notebook; the one before it must be closed.
func (ks *kernels) next(notebook string) {
	ks.use(Options{
		Profile: config.Profile{Name: "test", Endpoint: ks.server.Endpoint(), Dialect: string(ks.dialect), Kernel: ks.kernel},
		Kind:    livy.KindPySpark, Sessions: ks.store, Notebook: notebook,
	})
	ks.bridge.born = time.Now().Add(time.Minute) // the last one ended long ago
}

func (ks *kernels) records() []sessions.Listed {
	ks.t.Helper()
	all, err := ks.store.List()
	if err != nil {
		ks.t.Fatal(err)
	}
	return all
}

// kill has the kernel end as SIGKILL does: the lock of its record is free, and
// the session lives.
func (ks *kernels) kill() {
	ks.t.Helper()
	s := ks.bridge.session()
	s.entry.release()
	s.entry.hold(nil)
	s.origin = attached // Close leaves it alone
	ks.closeNow()
}

func TestDeletedSessionsLeaveNoRecord(t *testing.T) {
	ks := newKernels(t, config.Kernel{})
	ks.must("1+1")
	if all := ks.records(); len(all) != 1 || !all[0].Held || all[0].ID != "0" || !strings.HasPrefix(all[0].Name, "livy-kernel-") {
		t.Errorf("while it runs: %+v", all)
	}
	ks.must("%%session stop")
	if all := ks.records(); len(all) != 0 {
		t.Errorf("stopped: %+v", all)
	}
	ks.must("1+1")
	ks.closeNow()
	if all := ks.records(); len(all) != 0 {
		t.Errorf("closed: %+v", all)
	}
}

// TestKeptSession is there again for the next kernel of the notebook, and for
// no other one.
func TestKeptSession(t *testing.T) {
	ks := newKernels(t, config.Kernel{OnShutdown: "keep"})
	ks.must("1+1")
	ks.closeNow()
	if n := ks.engine.Living(); n != 1 {
		t.Fatalf("%d drivers after the kernel's end", n)
	}
	ks.next("other")
	if r := ks.must("1+1"); !strings.HasPrefix(r.shown(), "Spark session 1 is ready") {
		t.Errorf("another notebook: %q", r.shown())
	}
	ks.closeNow()
	ks.next("nb")
	if r := ks.must("1+1"); !strings.HasPrefix(r.shown(), "Back on Spark session 0, started ") || r.stdout() != "2\n" {
		t.Errorf("shown %q, stdout %q", r.shown(), r.stdout())
	}
}

// TestCellThatFinishedMeanwhile shows the result of the cell that ran when the
// kernel ended, above that of the first cell of the next one.
func TestCellThatFinishedMeanwhile(t *testing.T) {
	for name, end := range map[string]struct {
		behaviour livytest.Behaviour
		want      string
	}{
		"result": {livytest.Text("42"), "42\n"},
		"error":  {livytest.Error("ValueError", "no", "ValueError: no\n"), "ValueError: no"},
	} {
		for _, when := range []string{"before", "after"} {
			t.Run(name+" "+when, func(t *testing.T) {
				ks := newKernels(t, config.Kernel{OnShutdown: "keep"})
				release := make(chan struct{})
				work, begun := signal(livytest.Stubborn(release, end.behaviour))
				ks.engine.On("work", work)
				r := ks.start("work")
				<-begun
				r.interrupt(kernel.ErrShutdown)
				if e := cellError(t, <-r.err); !strings.Contains(e.EValue, "goes on in the kept session") {
					t.Errorf("got %s", e)
				}
				ks.closeNow()
				if n := ks.server.Count(postCancel); n != 0 {
					t.Errorf("cancelled %d times", n)
				}
				if when == "before" {
					close(release)
				}
				ks.next("nb")
				second := ks.start("1+1")
				if when == "after" {
					second.await(t, "Back on Spark session 0")
					close(release)
				}
				if err := <-second.err; err != nil {
					t.Fatal(err)
				}
				all := second.streams["stderr"] + second.streams["stdout"]
				if !strings.Contains(all, "ran when the last kernel ended") || !strings.Contains(all, end.want) || !strings.HasSuffix(second.stdout(), "2\n") {
					t.Errorf("streams %q", second.streams)
				}
				if ks.engine.Runs("work") != 1 {
					t.Errorf("work ran %d times", ks.engine.Runs("work"))
				}
			})
		}
	}
}

// TestRestartIsClean deletes a session that was kept a moment ago, or is asked
// to end by a restart, or whose kernel has not ended yet.
func TestRestartIsClean(t *testing.T) {
	clean := func(t *testing.T, ks *kernels) {
		t.Helper()
		if r := ks.must("1+1"); !strings.HasPrefix(r.shown(), "Spark session 1 is ready") {
			t.Errorf("shown %q", r.shown())
		}
	}
	t.Run("asked for", func(t *testing.T) {
		ks := newKernels(t, config.Kernel{OnShutdown: "keep"})
		ks.must("1+1")
		if err := ks.bridge.Close(t.Context(), true); err != nil || ks.engine.Living() != 0 {
			t.Errorf("%v, %d drivers", err, ks.engine.Living())
		}
		ks.next("nb")
		clean(t, ks)
	})
	t.Run("asked for, and the server takes its time", func(t *testing.T) {
		ks := newKernels(t, config.Kernel{OnShutdown: "keep"})
		ks.must("1+1")
		var left Leftover
		ks.bridge.finisher = func(_ context.Context, l Leftover) error { left = l; return nil }
		release := make(chan struct{})
		ks.server.Inject("DELETE /sessions/*", livytest.Delay(release))
		if err := ks.bridge.Close(t.Context(), true); err != nil || left.ID != "0" || left.Key == "" {
			t.Errorf("%v, left %+v", err, left)
		}
		close(release)
		ks.next("nb")
		if r := ks.must("%%session list"); !strings.Contains(r.shown(), "ended; not deleted") {
			t.Errorf("list: %q", r.shown())
		}
		clean(t, ks) // the session that is about to go is not taken up
		ks.bridge.keeping = false
	})
	t.Run("at once", func(t *testing.T) {
		ks := newKernels(t, config.Kernel{OnShutdown: "keep"})
		ks.must("1+1")
		ks.closeNow()
		ks.next("nb")
		ks.bridge.born = time.Now()
		clean(t, ks)
		ks.bridge.keeping = false
		ks.closeNow()
		if n := ks.engine.Living(); n != 0 {
			t.Errorf("%d drivers", n)
		}
	})
	t.Run("overlap", func(t *testing.T) {
		ks := newKernels(t, config.Kernel{OnShutdown: "keep"})
		ks.must("1+1")
		old := ks.bridge
		ks.next("nb")
		clean(t, ks)
		if err := old.Close(t.Context(), false); err != nil {
			t.Error(err)
		}
		if n := ks.engine.Living(); n != 1 {
			t.Errorf("%d drivers, want that of the new kernel", n)
		}
		ks.must("1+1")
	})
}

// TestRow44KeptSessionThatIsGone is said to be gone; a stranger's session with
// its id, which a server that was restarted gives again, is not taken for it.
func TestRow44KeptSessionThatIsGone(t *testing.T) {
	for name, stranger := range map[string]livytest.Fault{
		"another name": livytest.Status(http.StatusOK, `{"id":0,"name":"a-stranger","state":"idle"}`),
		"no name":      livytest.Status(http.StatusOK, `{"id":0,"name":null,"appId":null,"state":"idle"}`),
		"nobody's":     livytest.Status(http.StatusNotFound, `{"msg":"Session '0' not found."}`),
	} {
		t.Run(name, func(t *testing.T) {
			ks := newKernels(t, config.Kernel{OnShutdown: "keep"})
			ks.must("1+1")
			ks.closeNow()
			ks.server.Inject("GET /sessions/0", stranger)
			ks.next("nb")
			r := ks.must("1+1")
			if !strings.Contains(r.streams["stderr"], "session 0 that was kept for this notebook is gone") || !strings.HasPrefix(r.shown(), "Spark session 1 is ready") {
				t.Errorf("streams %q, shown %q", r.streams, r.shown())
			}
			if n := ks.server.Count("DELETE /sessions/0"); n != 0 {
				t.Error("a stranger's session was deleted")
			}
		})
	}
}

// TestRow44OrphanThatIsGone: the session of a killed kernel is not reaped when
// its id is another one's by now; its record is.
func TestRow44OrphanThatIsGone(t *testing.T) {
	ks := newKernels(t, config.Kernel{})
	ks.must("1+1")
	ks.bridge.session().entry.update(func(r *sessions.Record) { r.Created = r.Created.Add(-2 * time.Hour) })
	ks.kill()
	ks.server.Inject("GET /sessions/0", livytest.Status(http.StatusOK, `{"id":0,"name":null,"state":"idle"}`))
	ks.next("other")
	ks.must("1+1")
	ks.closeNow()
	if n := ks.server.Count("DELETE /sessions/0"); n != 0 || len(ks.records()) != 0 {
		t.Errorf("%d deletes, records %+v", n, ks.records())
	}
}

// TestRow52KilledKernel names the session of a kernel that was killed; it can
// be attached, and is the new kernel's from then on.
func TestRow52KilledKernel(t *testing.T) {
	ks := newKernels(t, config.Kernel{})
	ks.must("1+1")
	ks.kill()
	ks.next("nb")
	r := ks.must("%%session list")
	if !strings.Contains(r.shown(), "killed") {
		t.Errorf("list: %q", r.shown())
	}
	r = ks.must("%%session attach 0")
	if r.shown() != "On Spark session 0." {
		t.Errorf("attach: %q", r.shown())
	}
	if got := ks.must("1+1").stdout(); got != "2\n" {
		t.Errorf("stdout %q", got)
	}
	ks.closeNow()
	if ks.engine.Living() != 0 || len(ks.records()) != 0 {
		t.Errorf("%d drivers, records %+v", ks.engine.Living(), ks.records())
	}
}

func TestKilledKernelIsNamed(t *testing.T) {
	ks := newKernels(t, config.Kernel{})
	ks.must("1+1")
	ks.kill()
	ks.next("nb")
	if r := ks.must("1+1"); !strings.Contains(r.streams["stderr"], "was killed and has left session 0; %%session attach 0") {
		t.Errorf("streams %q", r.streams)
	}
	ks.closeNow()
	ks.next("other")
	if r := ks.must("1+1"); !strings.Contains(r.streams["stderr"], "has left session 0; livy-kernel sessions") {
		t.Errorf("streams %q", r.streams)
	}
}

// TestOrphansAreReaped deletes what a kernel has left that was killed long ago.
func TestOrphansAreReaped(t *testing.T) {
	ks := newKernels(t, config.Kernel{})
	ks.must("1+1")
	ks.bridge.session().entry.update(func(r *sessions.Record) { r.Created = r.Created.Add(-2 * time.Hour) })
	ks.kill()
	ks.next("other")
	ks.must("1+1")
	ks.closeNow()
	if ks.engine.Living() != 0 || len(ks.records()) != 0 {
		t.Errorf("%d drivers, records %+v", ks.engine.Living(), ks.records())
	}
}

// TestOrphanOfASharedSession is a notebook's place in it alone, as long as
// another notebook is open; the session itself when none is.
func TestOrphanOfASharedSession(t *testing.T) {
	ks := newKernels(t, config.Kernel{Share: "team"})
	ks.must("1+1")
	first := ks.bridge
	ks.next("other")
	ks.must("1+1")
	second := ks.bridge
	old := func(r *sessions.Record) { r.Created = r.Created.Add(-2 * time.Hour) }
	first.session().entry.update(old)
	ks.bridge = first
	ks.kill()
	ks.kernel = config.Kernel{}
	ks.next("alone")
	if r := ks.must("1+1"); strings.Contains(r.streams["stderr"], "session 0") {
		t.Errorf("told of a session that others use: %q", r.streams)
	}
	ks.closeNow()
	for _, l := range ks.records() {
		if !l.Held {
			if err := Reap(t.Context(), ks.client, ks.store, l); err != nil { // as sessions stop --orphans does
				t.Error(err)
			}
		}
	}
	if n := ks.engine.Living(); n != 1 || len(ks.records()) != 1 {
		t.Errorf("%d drivers, records %+v; want those of the second notebook", n, ks.records())
	}
	second.session().entry.update(old)
	ks.bridge = second
	ks.kill()
	ks.next("alone")
	ks.must("1+1")
	ks.closeNow()
	if n := ks.engine.Living(); n != 0 || len(ks.records()) != 0 {
		t.Errorf("%d drivers, records %+v", n, ks.records())
	}
}

// TestOrphanThatHasEnded is not told of: its heartbeat time-out has reaped it.
func TestOrphanThatHasEnded(t *testing.T) {
	ks := newKernels(t, config.Kernel{})
	ks.must("1+1")
	ks.kill()
	if err := ks.client.DeleteSession(t.Context(), "0"); err != nil {
		t.Fatal(err)
	}
	ks.next("nb")
	if r := ks.must("1+1"); r.streams["stderr"] != "" || len(ks.records()) != 1 {
		t.Errorf("streams %q, records %+v", r.streams, ks.records())
	}
}

// TestSharedSession is one session for all notebooks; the last one out deletes
// it.
func TestSharedSession(t *testing.T) {
	ks := newKernels(t, config.Kernel{Share: "team"})
	ks.must("1+1")
	first := ks.bridge
	ks.next("other")
	if r := ks.must("1+1"); r.shown() != `On Spark session 0, which notebooks share as "team".` {
		t.Errorf("shown %q", r.shown())
	}
	if err := first.Close(t.Context(), false); err != nil {
		t.Error(err)
	}
	if n := ks.engine.Living(); n != 1 {
		t.Errorf("%d drivers after the first has left", n)
	}
	ks.must("1+1")
	ks.closeNow()
	if ks.engine.Living() != 0 || len(ks.records()) != 0 {
		t.Errorf("%d drivers, records %+v", ks.engine.Living(), ks.records())
	}
}
