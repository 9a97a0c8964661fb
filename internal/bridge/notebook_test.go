// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/kernel"
)

// The ways in which a front-end tells which notebook a kernel is of.
var notebooks = map[string]struct {
	option string      // what Jupyter Server says at the start
	first  kernel.Cell // what VS Code sends first
	cellID string      // of the notebook's cells
}{
	"Jupyter Server":                  {option: "/home/user/a.ipynb", cellID: "a1"},
	"a cell's URI in VS Code":         {cellID: "vscode-notebook-cell:/home/user/a.ipynb#W0sZmlsZQ%3D%3D"},
	"the housekeeping of VS Code":     {first: kernel.Cell{Code: "__vsc_ipynb_file__ = \"/home/user/a.ipynb\""}},
	"both of the two ways of VS Code": {first: kernel.Cell{Code: `__vsc_ipynb_file__ = r"c:\a.ipynb"`}, cellID: "vscode-notebook-cell:/c%3A/a.ipynb#W0sZmlsZQ%3D%3D"},
}

// opens runs what a front-end sends when it opens a notebook, and its first
// cell.
func (ks *kernels) opens(first kernel.Cell, cellID string) *recorder {
	ks.t.Helper()
	if first.Code != "" {
		if err := ks.bridge.Execute(ks.t.Context(), first, &recorder{}); err != nil {
			ks.t.Fatal(err)
		}
	}
	r := &recorder{}
	if err := ks.bridge.Execute(ks.t.Context(), kernel.Cell{Code: "1+1", StoreHistory: true, CellID: cellID}, r); err != nil {
		ks.t.Fatal(err)
	}
	return r
}

// TestNotebookIsKnown finds the session that its last kernel kept, by whatever
// way the front-end tells which notebook it is; another notebook does not.
func TestNotebookIsKnown(t *testing.T) {
	for name, c := range notebooks {
		t.Run(name, func(t *testing.T) {
			ks := newKernels(t, config.Kernel{OnShutdown: "keep"})
			ks.next(c.option)
			ks.opens(c.first, c.cellID)
			ks.closeNow()
			other := strings.NewReplacer("a.ipynb", "b.ipynb")
			ks.next(other.Replace(c.option))
			if got := ks.opens(kernel.Cell{Code: other.Replace(c.first.Code)}, other.Replace(c.cellID)).shown(); !strings.HasPrefix(got, "Spark session 1 is ready") {
				t.Errorf("another notebook: %q", got)
			}
			ks.closeNow()
			ks.next(c.option)
			if got := ks.opens(c.first, c.cellID).shown(); !strings.HasPrefix(got, "Back on Spark session 0, started ") {
				t.Errorf("the notebook: %q", got)
			}
		})
	}
}

// TestNotebookThatIsNotKnown can be gone on with by the session's number alone.
func TestNotebookThatIsNotKnown(t *testing.T) {
	ks := newKernels(t, config.Kernel{})
	ks.next("")
	ks.must("1+1")
	_, err := ks.run("%%session keep")
	if e := cellError(t, err); !strings.Contains(e.EValue, "%%session attach ID takes it up by its number") {
		t.Errorf("got %s", e)
	}
	ks.kill()
	ks.next("")
	if got := ks.must("%%session attach 0").shown(); got != "On Spark session 0." {
		t.Errorf("attached: %q", got)
	}
}

// TestRestartInVSCode starts the new kernel of a notebook just as the old one is
// told to end, which it needs a moment for: the new one's session is clean, it
// is not ended by the old one, and there is one in the end.
func TestRestartInVSCode(t *testing.T) {
	for name, c := range notebooks {
		for _, oldEnds := range []string{"before the first cell", "after the first cell", "long after"} {
			t.Run(name+", the old one ends "+oldEnds, func(t *testing.T) {
				ks := newKernels(t, config.Kernel{OnShutdown: "keep"})
				ks.next(c.option)
				ks.opens(c.first, c.cellID)
				old := ks.bridge
				end := func() {
					if err := old.Close(t.Context(), false); err != nil { // VS Code does not say that it is a restart
						t.Error(err)
					}
				}
				ks.next(c.option)
				ks.bridge.born = time.Now()
				if oldEnds == "before the first cell" {
					end()
				}
				if got := ks.opens(c.first, c.cellID).shown(); !strings.HasPrefix(got, "Spark session 1 is ready") {
					t.Errorf("the new kernel: %q", got)
				}
				if oldEnds != "before the first cell" {
					end()
				}
				if oldEnds == "long after" {
					ks.opens(c.first, c.cellID)
				}
				if got := ks.opens(c.first, c.cellID); got.stdout() != "2\n" || got.shown() != "" {
					t.Errorf("its next cell: stdout %q, shown %q", got.stdout(), got.shown())
				}
				for ks.engine.Living() != 1 { // that of the old one is being reaped
					if t.Context().Err() != nil {
						t.Fatalf("%d drivers", ks.engine.Living())
					}
					runtime.Gosched()
				}
				ks.closeNow()
				ks.next(c.option)
				if got := ks.opens(c.first, c.cellID).shown(); !strings.HasPrefix(got, "Back on Spark session 1") {
					t.Errorf("the kernel after that: %q", got)
				}
			})
		}
	}
}
