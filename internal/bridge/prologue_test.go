// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/display"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// reply is an answer of the interpreter.
type reply struct {
	Text, EName string
	Traceback   []string
}

// startPiped starts a program that is asked and answers in lines.
func startPiped(t *testing.T, cmd *exec.Cmd) (in io.WriteCloser, out *bufio.Reader) {
	t.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return in, bufio.NewReader(pipe)
}

// interpreter starts the stand-in and returns what runs code in it.
func interpreter(t *testing.T, clears string) func(code string) reply {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), "python3", "testdata/interpreter.py", clears)
	in, lines := startPiped(t, cmd)
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	return func(code string) reply {
		if err := json.NewEncoder(in).Encode(code); err != nil {
			t.Fatal(err)
		}
		line, err := lines.ReadBytes('\n')
		if err != nil {
			t.Fatal(err)
		}
		var r reply
		if err := json.Unmarshal(line, &r); err != nil {
			return reply{Text: "not an answer: " + string(line)}
		}
		return r
	}
}

// TestPrologue has child processes write elsewhere than into the answers, and
// what was printed before an error go along with it.
func TestPrologue(t *testing.T) {
	for _, clears := range []string{"clears", "keeps"} {
		t.Run(clears, func(t *testing.T) {
			const child = "import subprocess, sys; _ = subprocess.run([sys.executable, '-c', 'print(7)'])"
			if r := interpreter(t, clears)(child); !strings.HasPrefix(r.Text, "not an answer") {
				t.Fatalf("the stand-in has no fault: %+v", r)
			}
			run := interpreter(t, clears)
			for _, nonce := range []string{"first:", "second:"} { // as of two kernels on one session
				if r := run(prologueOf(nonce)); r.EName != "" {
					t.Fatalf("%+v", r)
				}
				if r := run(child); r.Text != "" || r.EName != "" {
					t.Errorf("child: %+v", r)
				}
				r := run("import sys; print('before'); print('é', file=sys.stderr)\n1/0")
				if last := r.Traceback[len(r.Traceback)-1]; r.EName != "ZeroDivisionError" || last != nonce+"before\né\n" {
					t.Errorf("error: %+v", r)
				}
				if r := run("1/0"); !strings.HasPrefix(r.Traceback[len(r.Traceback)-1], "ZeroDivisionError") {
					t.Errorf("error without output: %+v", r)
				}
				if r := run("print('after')"); r.Text != "after" {
					t.Errorf("after: %+v", r)
				}
				if r := run("import traceback\ntry:\n    1/0\nexcept Exception as e:\n    print(len(traceback.format_exception(type(e), e, e.__traceback__)))"); r.Text != "3" {
					t.Errorf("the user's own traceback: %+v", r)
				}
				if r := run("print([n for n in globals() if 'livy' in n])"); r.Text != "[]" {
					t.Errorf("names are left behind: %+v", r)
				}
			}
		})
	}
}

// TestPrologueKeepsTheFrameOfTheCell has a traceback name the line of the cell,
// with what caused the error, and none of the interpreter's own frames.
func TestPrologueKeepsTheFrameOfTheCell(t *testing.T) {
	const failing = "def f(x):\n    return 1 / x\n\nf(0)"
	if r := interpreter(t, "clears")(failing); strings.Contains(strings.Join(r.Traceback, ""), "line 4") {
		t.Fatalf("the stand-in has no fault: %+v", r)
	}
	run := interpreter(t, "clears")
	run(prologueOf("n:"))
	for code, want := range map[string]string{
		failing: `Traceback (most recent call last):
  File "<stdin>", line 4, in <module>
  File "<stdin>", line 2, in f
ZeroDivisionError: division by zero
`,
		"\n1/0": `Traceback (most recent call last):
  File "<stdin>", line 2, in <module>
ZeroDivisionError: division by zero
`,
		"try:\n    1/0\nexcept Exception as e:\n    raise ValueError('v') from e": `Traceback (most recent call last):
  File "<stdin>", line 2, in <module>
ZeroDivisionError: division by zero

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "<stdin>", line 4, in <module>
ValueError: v
`,
		"x = = 1": "  File \"<stdin>\", line 1\n    x = = 1\n        ^\nSyntaxError: invalid syntax\n",
	} {
		if got := strings.Join(run(code).Traceback, ""); got != want {
			t.Errorf("%q:\n%s", code, got)
		}
	}
}

// TestPrologueElsewhere does nothing in an interpreter of another make.
func TestPrologueElsewhere(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "python3", "-c", prologueOf("n:")+"\nprint('ok')").CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "ok" {
		t.Errorf("%v: %s", err, out)
	}
}

// TestPrintedBeforeAnError posts the prologue once, before the first Python
// cell, and shows what comes along with an error.
func TestPrintedBeforeAnError(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.bridge.mends = true
	bn.engine.Otherwise(livytest.Text(""))
	bn.must("%%spark\na\n  .b")
	if bn.engine.Runs("\na .b") != 1 {
		t.Error("a chain of calls was not joined for a REPL that reads line by line")
	}
	bn.must("%%spark\nval x = 1")
	if n := bn.server.Count(postStatement); n != 3 || bn.engine.Runs(display.Cells(bn.bridge.session().nonce, false)) != 1 {
		t.Errorf("%d statements for two Scala cells", n)
	}
	bn.must("1+1")
	bn.must("1+1")
	if n := bn.server.Count(postStatement); n != 6 {
		t.Errorf("%d statements", n)
	}
	nonce := bn.bridge.session().nonce
	for name, last := range map[string]string{"ours": nonce, "a user's": "livy-kernel-x:"} {
		bn.engine.On("fail", livytest.Error("E", "v", "E: v\n", last+"before\n"))
		r, err := bn.run("fail")
		e := cellError(t, err)
		if name == "ours" && (r.stdout() != "before\n" || strings.Contains(strings.Join(e.Traceback, ""), "before")) {
			t.Errorf("stdout %q, traceback %q", r.stdout(), e.Traceback)
		}
		if name != "ours" && r.stdout() != "" {
			t.Errorf("taken for ours: %q", r.stdout())
		}
	}
}
