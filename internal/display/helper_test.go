// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package display

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shell starts an interpreter that has the helper, and returns what runs a
// cell in it: the answer's text, taken apart, and its data.
func shell(t *testing.T, kind string) func(code string) (shown []string, data string) {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), "python3", "testdata/shell.py", kind)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	lines := bufio.NewReader(out)
	run := func(code string) (shown []string, data string) {
		t.Helper()
		if err := json.NewEncoder(in).Encode(code); err != nil {
			t.Fatal(err)
		}
		line, err := lines.ReadBytes('\n')
		if err != nil {
			t.Fatalf("%q has ended the interpreter: %v", code, err)
		}
		var answer struct {
			Text string
			Data json.RawMessage
		}
		if err := json.Unmarshal(line, &answer); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		for _, item := range Parse(answer.Text, nonce) {
			shown = append(shown, told(item))
		}
		return shown, string(answer.Data)
	}
	if shown, _ := run(Python(nonce)); shown != nil {
		t.Fatalf("the helper says %q", shown)
	}
	// A second kernel on the session is told of the first one's nonce, which
	// is taken out of the text here as it is of any.
	const second = "livy-kernel-SECOND:"
	if shown, _ := run(Python(second)); len(shown) != 1 || shown[0] != second+`{"type":"nonce","text":""}` {
		t.Fatalf("the helper says %q", shown)
	}
	return run
}

// told is an item in a line.
func told(item Item) string {
	f := item.Frame
	if f == nil {
		return strings.TrimSpace(item.Text)
	}
	if f.Type == Part {
		return fmt.Sprintf("part of %d, last %t", len(f.Text), f.Last)
	}
	var parts []string
	for _, mime := range []string{"text/plain", "text/html", "text/latex", "application/json", "image/png"} {
		if raw, ok := f.Data[mime]; ok {
			parts = append(parts, mime+"="+string(raw))
		}
	}
	line := string(f.Type) + " " + strings.Join(parts, " ")
	if f.DisplayID != "" {
		line += " id=" + f.DisplayID
	}
	return strings.TrimSpace(line)
}

// TestHelper shows objects in each of their ways, in both interpreters.
func TestHelper(t *testing.T) {
	const rich = "class R:\n    def _repr_html_(self): return '<b>é'\n    def __repr__(self): return 'R'\n"
	for _, kind := range []string{"livy", "other"} {
		t.Run(kind, func(t *testing.T) {
			run := shell(t, kind)
			for _, c := range []struct {
				name, code string
				want       []string
			}{
				{"plain value", "1+1", []string{"2"}},
				{"rich value", rich + "R()", []string{`execute_result text/plain="R" text/html="<b>\u00e9"`}},
				{"in order", "print('a'); display(R(), 3); print('b')", []string{"a", `display_data text/plain="R" text/html="<b>\u00e9"`, `display_data text/plain="3"`, "b"}},
				{"displayHTML", "displayHTML('<i>')", []string{`display_data text/html="<i>"`}},
				{"id", "h = display(1, display_id='a'); h.update(2); update_display(3, display_id='a')", []string{
					`display_data text/plain="1" id=a`, `update_display_data text/plain="2" id=a`, `update_display_data text/plain="3" id=a`}},
				{"bundle", "class M:\n    def _repr_mimebundle_(self, include=None, exclude=None): return {'application/json': {'n': float('nan')}, 'image/png': b'ab', 'text/plain': 'm'}\nM()",
					[]string{`execute_result text/plain="m" application/json={"n":null} image/png="YWI="`}},
				{"a method that fails", "class F:\n    def _repr_html_(self): 1/0\n    def __repr__(self): return 'F'\nF()", []string{"F\n_repr_html_ failed: ZeroDivisionError: division by zero"}},
				{"any name is an attribute", "class G:\n    def __getattr__(self, name): return lambda *a, **k: 'made up'\n    def __repr__(self): return 'G'\nG()", []string{"G"}},
				{"a class", "R", []string{"<class 'R'>"}},
				{"nothing is left behind", "[n for n in globals() if 'livy' in n]", []string{"[]"}},
			} {
				if c.name == "a class" {
					c.code = "R.__module__ = 'builtins'; R"
				}
				shown, _ := run(c.code)
				if diff := cmp.Diff(c.want, shown); diff != "" {
					t.Errorf("%s: %s", c.name, diff)
				}
			}
		})
	}
}

// TestFigures shows figures at plt.show() and at the end of the cell, once, and
// says where nobody tells of that end.
func TestFigures(t *testing.T) {
	const png = `display_data text/plain="<Figure>" image/png=`
	for kind, want := range map[string][]string{
		"livy":  {png + `"c2hvd24="`, "after", png + `"bGVmdA=="`},
		"other": {"flush", png + `"c2hvd24="`, "after", "flush"},
	} {
		t.Run(kind, func(t *testing.T) {
			run := shell(t, kind)
			run("import sys; sys.path.insert(0, 'testdata'); import pyplot as plt; sys.modules['livy_kernel_display'].use_backend()")
			shown, _ := run("plt.figure('shown'); plt.show(); print('after'); plt.figure('left')")
			if diff := cmp.Diff(want, shown); diff != "" {
				t.Error(diff)
			}
			shown, _ = run(Flush())
			if diff := cmp.Diff(map[string][]string{"other": {png + `"bGVmdA=="`}}[kind], shown); diff != "" {
				t.Error(diff)
			}
			if kind != "livy" {
				return
			}
			if _, data := run("%matplot plt"); data != `{"image/png": "bGVmdA==", "text/plain": ""}` {
				t.Errorf("%%matplot of a figure that was shown: %s", data)
			}
		})
	}
}

// TestLargeOutput has what does not fit into a statement wait to be fetched,
// in its place.
func TestLargeOutput(t *testing.T) {
	run := shell(t, "livy")
	shown, _ := run("display('x' * 9_000_000); print('after'); display(1)")
	if diff := cmp.Diff([]string{"stored", "after", `display_data text/plain="1"`}, shown); diff != "" {
		t.Fatal(diff)
	}
	for _, want := range []string{"part of 8000000, last false", "part of 1000080, last true", "part of 0, last true"} { // which is gone
		if shown, _ = run(Fetch(1)); len(shown) != 1 || shown[0] != want {
			t.Fatalf("%q, want %q", shown, want)
		}
	}
	if shown, _ = run("display('x' * 70_000_000)"); len(shown) != 1 || !strings.Contains(shown[0], "left out: an output of 70 MB") {
		t.Errorf("beyond the store: %q", shown)
	}
}

// TestPrintedTextIsCut keeps what is printed below what Apache Livy takes, at the
// end of a line, and says so.
func TestPrintedTextIsCut(t *testing.T) {
	run := shell(t, "livy")
	shown, _ := run("display(1)\nfor _ in range(19): print('x' * 999_999)")
	if len(shown) != 2 || shown[0] != `display_data text/plain="1"` {
		t.Fatalf("%d parts", len(shown))
	}
	const note = "[cut: 2,000,000 of 19,000,097 characters of this output are left out; print less in one cell, or write it to a file]"
	if text := shown[1]; !strings.HasSuffix(text, "x\n\n"+note) || len(text) > 18_000_000 {
		t.Errorf("%d characters, the last of them %q", len(text), text[max(0, len(text)-150):])
	}
	// A frame is never cut, and none is left out.
	shown, _ = run("print('y' * 17_900_000, end=''); display('z' * 1_000_000); display(2)")
	if len(shown) != 3 || !strings.HasSuffix(shown[0], "file]") || len(shown[1]) < 1_000_000 || shown[2] != `display_data text/plain="2"` {
		t.Errorf("%d parts, the first ends with %q", len(shown), shown[0][max(0, len(shown[0])-150):])
	}
	if shown, _ = run("1"); len(shown) != 1 || shown[0] != "1" {
		t.Errorf("afterwards: %q", shown)
	}
}

// TestLinesBetweenMagics gives what stands between Livy's magics the lines that
// it has in the cell.
func TestLinesBetweenMagics(t *testing.T) {
	run := shell(t, "livy")
	shown, _ := run("import sys; x = 1\n\n%json x\n\n\nprint(sys._getframe().f_lineno)\n%json x")
	if diff := cmp.Diff([]string{"6"}, shown); diff != "" {
		t.Error(diff)
	}
}

// TestLivyMagics has the traps of Livy's own magics be errors of the cell.
func TestLivyMagics(t *testing.T) {
	run := shell(t, "livy")
	run("rows = [{'a': 'x'}, {'a': 1.5}]; good = [[1, None], [2, 'x']]; odd = {'n': float('nan'), 'f': len}")
	for code, want := range map[string]string{
		"%json":       "TypeError: %json needs the name of a variable",
		"%json no":    "NameError: name 'no' is not defined",
		"%table rows": "TypeError: %table takes one type a column, and column 'a' has str and float; display() shows any",
	} {
		if shown, _ := run(code); len(shown) != 1 || shown[0] != want {
			t.Errorf("%s: %q", code, shown)
		}
	}
	run("class DataFrame:\n    def _repr_html_(self): return '<table>'\n    def __repr__(self): return 'frame'\nDataFrame.__module__ = 'pandas.core.frame'\nframe = DataFrame()")
	if shown, data := run("%table frame"); len(shown) != 1 || shown[0] != `display_data text/plain="frame" text/html="<table>"` || data != "null" {
		t.Errorf("%%table of a DataFrame: %q, %s", shown, data)
	}
	if _, data := run("%table good "); data != `{"table": [[1, null], [2, "x"]]}` {
		t.Errorf("%%table: %s", data)
	}
	if _, data := run("%json odd"); data != `{"application/json": {"n": null, "f": "<built-in function len>"}}` {
		t.Errorf("%%json: %s", data)
	}
}
