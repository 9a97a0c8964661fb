// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel"
)

// TestX9Housekeeping runs what VS Code sends to a Python kernel by itself. There
// is no connector here: whatever reached out would panic.
func TestX9Housekeeping(t *testing.T) {
	for name, code := range map[string]string{
		"executable":     "import sys as _VSCODE_sys\nprint(_VSCODE_sys.executable); del _VSCODE_sys",
		"widgets":        "try:\n    import ipywidgets as _VSCODE_ipywidgets\n    print(\"e976ee50-99ed-4aba-9b6b-9dcd5634d07d:IPyWidgets:\" + _VSCODE_ipywidgets.__version__)\n    del _VSCODE_ipywidgets\nexcept:\n    pass",
		"start-up":       "def __VSCODE_inject_module():\n    pass\n\n__VSCODE_inject_module()\ndel __VSCODE_inject_module\n\n__vsc_ipynb_file__ = \"/home/user/a.ipynb\"\n%config Completer.use_jedi = False",
		"file":           "__vsc_ipynb_file__ = \"c:\\\\a.ipynb\"",
		"no file":        "%config Completer.use_jedi = False",
		"jedi":           "get_ipython().run_line_magic('config', 'Completer.use_jedi = False')",
		"plots":          "try:\n    import matplotlib\n    %matplotlib inline\n    _VSCode_defaultMatplotlib_Params = dict(matplotlib.rcParams)\n    \n    matplotlib.style.use('dark_background')\nexcept:\n    print('Failed to initialize matplotlib startup code. Matplotlib might be missing.')",
		"plots, lighter": "matplotlib.rcParams.update(_VSCode_defaultMatplotlib_Params)",
		"SVG":            "import matplotlib_inline.backend_inline\n_VSCode_matplotLib_FigureFormats = matplotlib_inline.backend_inline.InlineBackend.instance().figure_formats",
		"folder":         "import os as _VSCODE_os\nimport sys as _VSCODE_sys\n%cd \"/home/user\"\nif _VSCODE_os.getcwd() not in _VSCODE_sys.path:\n    _VSCODE_sys.path.insert(0, _VSCODE_os.getcwd())\n\ndel _VSCODE_sys\ndel _VSCODE_os",
		"variables":      "def __jupyter_exec_background__():\n    do_implementation()\n\n__jupyter_exec_background__()\ndel __jupyter_exec_background__",
		"magic":          "%config _VSCODE",
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
