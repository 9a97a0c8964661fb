// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel"
)

// TestHousekeeping runs what VS Code sends to a Python kernel by itself. There
// is no connector here: whatever reached out would panic.
func TestHousekeeping(t *testing.T) {
	for name, code := range map[string]string{
		"widgets":    "import ipywidgets as _VSCODE_ipywidgets;print(\"e976ee50\" + _VSCODE_ipywidgets.__version__ + \"e976ee50\");del _VSCODE_ipywidgets",
		"start-up":   "__VSCODE_inject_module(\"x\")\n__vsc_ipynb_file__ = \"/home/user/a.ipynb\"\nget_ipython().run_line_magic('config', 'Completer.use_jedi = False')",
		"completion": "def __jupyter_exec_background__():\n  return get_ipython().kernel.do_complete(\"spark.\", 6)\n__jupyter_exec_background__()",
		"magic":      "%config _VSCODE",
	} {
		t.Run(name, func(t *testing.T) {
			r := &recorder{}
			if err := New(Options{}).Execute(t.Context(), kernel.Cell{Code: code}, r); err != nil {
				t.Fatal(err)
			}
			if r.stdout() != "" || len(r.displays)+len(r.results) > 0 {
				t.Errorf("showed something: %+v", r)
			}
		})
	}
}

// TestHousekeepingIsNoCell takes a cell of the notebook for what it is, even
// where it holds a marker.
func TestHousekeepingIsNoCell(t *testing.T) {
	for _, cell := range []kernel.Cell{
		{Code: "print('_VSCODE')", StoreHistory: true},
		{Code: "print('_VSCODE')", CellID: "a"},
		{Code: "print('other')"},
	} {
		if housekeeping(cell) {
			t.Errorf("%+v is taken for housekeeping", cell)
		}
	}
}

func TestHoldIsBounded(t *testing.T) {
	b := New(Options{})
	for i := range maxHeldCells + 1 {
		err := b.Execute(t.Context(), kernel.Cell{Code: "x = 1"}, &recorder{})
		if (err != nil) != (i == maxHeldCells) {
			t.Fatalf("cell %d: %v", i, err)
		}
	}
	if err := New(Options{}).Execute(t.Context(), kernel.Cell{Code: string(make([]byte, maxHeldBytes)) + "x"}, &recorder{}); err == nil {
		t.Error("too much code was kept")
	}
}
