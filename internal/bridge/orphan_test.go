// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

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
