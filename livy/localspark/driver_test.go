// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// TestDriver runs its subtests on one session, in their order.
func TestDriver(t *testing.T) {
	engine := testEngine(t)
	leaks := goleak.IgnoreCurrent()
	driver, err := engine.Start(t.Context(), server.Spec{}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	s := &session{driver: driver}
	t.Run("statements", s.testStatements)
	t.Run("channel", s.testChannel)
	t.Run("progress", s.testProgress)
	t.Run("printed", s.testPrinted)
	t.Run("completion", s.testCompletion)
	t.Run("cancel", s.testCancel)
	t.Run("limit", s.testLimit)
	t.Run("restart of Spark", s.testStop)
	if err := driver.Close(context.Background()); err != nil {
		t.Error(err)
	}
	goleak.VerifyNone(t, leaks)
}

// session numbers the statements of a driver.
type session struct {
	driver server.Driver
	last   int
}

// run runs code and returns its output, text for short.
func (s *session) run(ctx context.Context, t *testing.T, kind livy.Kind, code string) server.Output {
	t.Helper()
	return s.watch(ctx, t, kind, code, server.Report{Progress: func(float64) {}, Printed: func(string) {}})
}

func (s *session) watch(ctx context.Context, t *testing.T, kind livy.Kind, code string, report server.Report) server.Output {
	t.Helper()
	s.last++
	out, err := s.driver.Run(ctx, server.Statement{ID: s.last, Kind: kind, Code: code}, report)
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return out
}

// show is an output in one line: what stands under text/plain, else the JSON
// of the data, else the error.
func show(t *testing.T, o server.Output) string {
	t.Helper()
	if o.Status != "ok" {
		return o.EName + ": " + o.EValue
	}
	var plain string
	if text, ok := o.Data["text/plain"]; ok && len(o.Data) == 1 {
		if err := json.Unmarshal(text, &plain); err != nil {
			t.Fatal(err)
		}
		return plain
	}
	b, err := json.Marshal(o.Data)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (s *session) testStatements(t *testing.T) {
	cases := []struct {
		kind livy.Kind
		code string
		want string // or the beginning of it, where it ends in …
	}{
		{"pyspark", "spark.range(3).createOrReplaceTempView('made_by_python')", ""},
		{"sql", "select sum(id) as n from made_by_python", `{"application/json":{"schema":{"fields":[{"metadata":{},"name":"n","nullable":true,"type":"long"}],"type":"struct"},"data":[[3]]}}`},
		{"spark", "spark.table(\"made_by_python\")\n  // the last one\n  .filter($\"id\" > 1)\n\n  .count()", "res0: Long = 1\n"},
		{"spark", "case class P(a: Int, b: String)\nSeq(P(1, \"x\"), P(2, \"y\")).toDS.createOrReplaceTempView(\"made_by_scala\")", "defined class P\n"},
		{"spark", "sc.parallelize(Seq(P(3, \"z\"))).map(p => P(p.a + 1, p.b)).collect()(0)", "res2: P = P(4,z)\n"},
		{"pyspark", "spark.table('made_by_scala').collect()", "[Row(a=1, b='x'), Row(a=2, b='y')]"},
		{"spark", "class A { def n = A.hidden }\nobject A { private val hidden = 7 }\nnew A().n", "defined class A\ndefined object A\nres3: Int = 7\n"},
		{"spark", "def f(n: Int)\n{\n  println(n)\n}\nif (false) 1\nelse f(2)", "f: (n: Int)Unit\n2\nres4: AnyVal = ()\n"},
		{"spark", "val a = 1\nval = 3\nval b = 2", "Error: <console>:1: error: illegal start of simple pattern"},
		{"spark", "a", "res5: Int = 1\n"},
		{"spark", "val m = Map(\"k\" -> Seq(1, 2))\n%json m", `{"application/json":{"k":[1,2]}}`},
		{"spark", "%json nothing", "NameError: Value nothing does not exist"},
		{"pyspark", "from __future__ import annotations\ndef g(x: Undefined): pass", ""},
		{"pyspark", "def h(x: Undefined): return x\nh(5)", "5"},
		{"pyspark", "import session", "ModuleNotFoundError: No module named 'session'"},
		{"pyspark", "import sys; sys.path[0]", "''"},
		{"pyspark", "class C:\n  def __init__(self, n): self.n = n\nsc.parallelize([C(4)]).map(lambda c: c.n).collect()", "[4]"},
		{"pyspark", "%json [float('nan'), 1.5]", `{"application/json":[null,1.5]}`},
		{"pyspark", "a = []; a.append(a)\n%json a", "RecursionError: …"},
		{"pyspark", "class E(Exception):\n  def __str__(self): 1/0\nraise E", "E: the error cannot be shown: ZeroDivisionError('division by zero')"},
		{"pyspark", "x = '''\n%json\n'''\nlen(x)", "7"},
		{"pyspark", "%table [[1, 'a'], ['b', None]]", `{"application/vnd.livy.table.v1+json":{"headers":[{"name":"0","type":"STRING_TYPE"},{"name":"1","type":"STRING_TYPE"}],"data":[["1","a"],["b",null]]}}`},
		{"sql", "select timestamp_ntz'2020-01-02 03:04:05.5' t, array(named_struct('x', null)) a, map(1, 'b') m",
			`{"application/json":{"schema":…`},
		{"sparkr", "1", "Error: This Spark has no language 'sparkr'."},
	}
	for _, c := range cases {
		got := show(t, s.run(t.Context(), t, c.kind, c.code))
		start, open := strings.CutSuffix(c.want, "…")
		if got != c.want && (!open || !strings.HasPrefix(got, start)) {
			t.Errorf("%s %q gives\n%s, want\n%s", c.kind, c.code, got, c.want)
		}
	}
}

// testChannel does to the driver what used to break the interpreters of Livy,
// and looks whether answers still belong to their statements.
func (s *session) testChannel(t *testing.T) {
	cases := []struct{ code, want string }{
		{"import os, sys, subprocess, threading; os.system('echo to stdout')", "0"},
		{"subprocess.run([sys.executable, '-c', 'import os\\nfor fd in range(3, 64):\\n  try: os.write(fd, b\"x\\\\n\")\\n  except OSError: pass']).returncode", "0"},
		{"os.write(1, b'to stdout\\n')", "10"},
		{"input()", "EOFError: EOF when reading a line"},
		{"exit(3)", "SystemExit: 3"},
		{"input()", "EOFError: EOF when reading a line"},
		{"sys.stdout.close()", ""},
		{"print('open again')", "open again"},
		{"pid = os.fork()\nif pid: os.waitpid(pid, 0)\nprint('parent' if pid else 'child')", "parent"},
		{"pid = os.fork()\nif not pid: raise SystemExit\nos.waitpid(pid, 0)[1]", "0"},
		{"go, done = threading.Event(), threading.Event()\ndef late(): go.wait(); print('late'); done.set()\nthreading.Thread(target=late).start()", ""},
		{"6 * 7", "42"},
		{"go.set(); done.wait(); 'late belongs to this cell'", "late\n'late belongs to this cell'"},
		{"sys.stdout.buffer.write('é'.encode()) and None", "é"},
		{"sc._jvm.System.out.println('to stdout')", ""},
		{"1 + 1", "2"},
	}
	for _, c := range cases {
		if got := show(t, s.run(t.Context(), t, "pyspark", c.code)); got != c.want {
			t.Errorf("%q gives %q, want %q", c.code, got, c.want)
		}
	}
}

func (s *session) testProgress(t *testing.T) {
	var seen []float64
	s.watch(t.Context(), t, "pyspark", "import time\nsc.parallelize(range(64), 64).foreach(lambda _: time.sleep(0.05))",
		server.Report{Progress: func(p float64) { seen = append(seen, p) }, Printed: func(string) {}})
	if len(seen) < 2 || !slices.IsSorted(seen) || seen[0] < 0 || seen[len(seen)-1] > 1 || seen[len(seen)-1] == 0 {
		t.Errorf("progress of 64 tasks: %v", seen)
	}
}

func (s *session) testCompletion(t *testing.T) {
	cases := []struct {
		kind   livy.Kind
		code   string
		cursor int
		want   []string
	}{
		{"spark", "sc.paralle", 10, []string{"parallelize"}},
		{"spark", "\"🎉\"; sc.paralle", 15, []string{"parallelize"}},
		{"spark", "sc.paralle", 11, []string{}},
		{"pyspark", "sc.paralle", 10, []string{}},
		{"spark", "", 0, nil},
	}
	for _, c := range cases {
		got, err := s.driver.Complete(t.Context(), c.kind, c.code, c.cursor)
		if err != nil || c.want != nil && !slices.Equal(got, c.want) {
			t.Errorf("%s %q at %d: %q, %v, want %q", c.kind, c.code, c.cursor, got, err, c.want)
		}
	}
}

func (s *session) testLimit(t *testing.T) {
	for _, c := range []struct {
		kind livy.Kind
		code string
	}{{"pyspark", "print('x' * 30_000_000)"}, {"spark", "print(\"x\" * 30000000)"}} {
		got := show(t, s.run(t.Context(), t, c.kind, c.code))
		if len(got) < 20_000_000 || len(got) > 20_000_200 || !strings.Contains(got[20_000_000:], "[cut: 10,000,00") {
			t.Errorf("%s: %d bytes that end in %q", c.kind, len(got), got[max(0, len(got)-100):])
		}
	}
}

// testStop is what many notebooks end with and begin with again.
func (s *session) testStop(t *testing.T) {
	for _, c := range []struct {
		kind livy.Kind
		code string
		want string
	}{
		{"pyspark", "spark.stop()", ""},
		{"pyspark", "1 + 1", "2"},
		{"pyspark", "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\nspark.range(3).count()", "3"},
		{"sql", "select 1 as a", `{"application/json":{"schema":{"fields":[{"metadata":{},"name":"a","nullable":false,"type":"integer"}],"type":"struct"},"data":[[1]]}}`},
	} {
		if got := show(t, s.run(t.Context(), t, c.kind, c.code)); got != c.want {
			t.Errorf("%q gives %q, want %q", c.code, got, c.want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s.cancelled(ctx, t, cancelCase{"pyspark", "import time; print('begun', file=open(MARK, 'w')); time.sleep(600)", "KeyboardInterrupt: "})
}
