// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"log/slog"
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

// TestNonceOfASession is one for all kernels that know its record, whoever
// speaks first to an interpreter.
func TestNonceOfASession(t *testing.T) {
	for _, c := range []struct {
		name   string
		kernel config.Kernel
		second string // the first cell of the second kernel
	}{
		{"shared", config.Kernel{Share: "team"}, "%%sql\nSELECT 1"},
		{"attached", config.Kernel{}, "%%session attach 0"},
		{"kept", config.Kernel{OnShutdown: "keep"}, "%%sql\nSELECT 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ks := newKernels(t, c.kernel)
			ks.engine.Otherwise(livytest.Text("")) // SQL asks for no helper
			ks.must("%%sql\nSELECT 1")
			first, nonce := ks.bridge, ks.bridge.session().nonce
			if c.kernel.Keep() {
				ks.closeNow()
			} else {
				defer func() {
					if err := first.Close(context.Background(), false); err != nil {
						t.Error(err)
					}
				}()
			}
			ks.next("nb")
			ks.must(c.second)
			if got := ks.bridge.session().nonce; got != nonce {
				t.Errorf("the nonce is %q, want %q", got, nonce)
			}
		})
	}
}
