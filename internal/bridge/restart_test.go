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
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

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
