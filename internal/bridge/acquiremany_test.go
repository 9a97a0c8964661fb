// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// sharing runs test with the kernels of so many notebooks that share a session
// of Fabric, in test time, and ends them.
func sharing(t *testing.T, notebooks int, test func(t *testing.T, kernels []*Bridge)) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "sessions")
	synctest.Test(t, func(t *testing.T) {
		engine := livytest.NewEngine()
		engine.On("1+1", livytest.Text("2"))
		srv := fabricInMemory(t, engine, livytest.Fabric{})
		var kernels []*Bridge
		for i := range notebooks {
			kernels = append(kernels, salesOn(t, srv, auth.Bearer{Token: auth.NewSecret("t")}, config.Kernel{Share: "team"}, Options{
				// Each has a store of its own, as each is a process.
				Sessions: sessions.NewStore(dir, slog.New(slog.DiscardHandler)), Notebook: fmt.Sprint("notebook ", i),
			}))
		}
		test(t, kernels)
		for _, b := range kernels {
			if err := b.Close(t.Context(), false); err != nil {
				t.Error(err)
			}
		}
		if n := engine.Living(); n != 0 {
			t.Errorf("%d drivers outlive the last notebook", n)
		}
	})
}

// TestAcquiresOneAfterTheOther: notebooks that start at one time get REPLs of one
// session. Acquires at one time would make a session each.
func TestAcquiresOneAfterTheOther(t *testing.T) {
	sharing(t, 4, func(t *testing.T, kernels []*Bridge) {
		var all sync.WaitGroup
		for _, b := range kernels {
			all.Go(func() {
				if err := b.Execute(t.Context(), cell("1+1"), &recorder{}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		repls := map[livy.SessionID]bool{}
		for _, b := range kernels {
			s := b.session()
			repls[s.repl] = true
			if s.livy.ID != kernels[0].session().livy.ID {
				t.Errorf("sessions %s and %s", s.livy.ID, kernels[0].session().livy.ID)
			}
		}
		if len(repls) != len(kernels) {
			t.Errorf("%d REPLs for %d notebooks", len(repls), len(kernels))
		}
	})
}

// TestAcquireOnAnotherSession: a session has room for five; the sixth notebook is
// told that it is on another one, which is billed apart.
func TestAcquireOnAnotherSession(t *testing.T) {
	sharing(t, 6, func(t *testing.T, kernels []*Bridge) {
		for i, b := range kernels {
			r := &recorder{}
			if err := b.Execute(t.Context(), cell("1+1"), r); err != nil {
				t.Fatal(err)
			}
			if told := strings.Contains(r.streams["stderr"], "which is billed apart"); told != (i == 5) {
				t.Errorf("notebook %d is told %q", i, r.streams["stderr"])
			}
		}
	})
}
