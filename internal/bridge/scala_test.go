// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/localspark/sparktest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// scalaInterpreter starts the REPL of a real Spark as Apache Livy has it, and
// returns what runs a statement in it, and writes what it logs meanwhile.
func scalaInterpreter(t *testing.T) livytest.Behaviour {
	t.Helper()
	install := sparktest.Setup(t, os.Environ())
	args := []string{"-XX:+IgnoreUnrecognizedVMOptions", "-Dfile.encoding=UTF-8", "-Xmx1g", "-cp", filepath.Join(install.SparkHome, "jars", "*")}
	for _, opened := range []string{"java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util", "java.util.concurrent", "java.util.concurrent.atomic", "sun.nio.ch", "sun.nio.cs", "sun.security.action", "sun.util.calendar"} {
		args = append(args, "--add-opens=java.base/"+opened+"=ALL-UNNAMED") // as spark-submit does
	}
	args = append(args, "scala.tools.nsc.MainGenericRunner", "-usejavacp", "-nc", "testdata/interpreter.scala")
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), filepath.Join(install.JavaHome, "bin", "java"), args...)
	cmd.Env = append(os.Environ(), "SPARK_LOCAL_IP=127.0.0.1")
	logged, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, answers := startPiped(t, cmd)
	var log atomic.Pointer[func(string)]
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for lines := bufio.NewReader(logged); ; {
			line, err := lines.ReadString('\n')
			if to := log.Load(); to != nil && line != "" {
				(*to)(strings.TrimSuffix(line, "\n"))
			}
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		in.Close()
		_, _ = io.Copy(io.Discard, answers)
		<-ended
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	type request struct {
		ID   int    `json:"id"`
		Code string `json:"code"`
	}
	return func(_ context.Context, call livytest.Call) (server.Output, error) {
		log.Store(&call.Log)
		if err := json.NewEncoder(in).Encode(request{call.ID, call.Code}); err != nil {
			return server.Output{}, err
		}
		var answer struct {
			Status, Text, EValue string
			Traceback            []string
		}
		line, err := answers.ReadBytes('\n')
		if err == nil {
			err = json.Unmarshal(line, &answer)
		}
		if err != nil || answer.Status == "ok" {
			return livytest.TextOutput(answer.Text), err
		}
		return livytest.ErrorOutput("Error", answer.EValue, answer.Traceback...), nil
	}
}

// scalaBench returns a bench whose Scala cells a real Spark runs, as in a
// session of Apache Livy.
func scalaBench(t *testing.T, interpreter livytest.Behaviour, liveOutput string) *bench {
	t.Helper()
	bn := newBench(t, livy.KindSpark)
	profile := bn.bridge.profile
	profile.Kernel.LiveOutput = liveOutput
	bn.use(Options{Profile: profile, Kind: livy.KindSpark})
	bn.bridge.mends, bn.bridge.displays = true, true
	bn.engine.On("1+1", interpreter)
	bn.engine.Otherwise(interpreter)
	return bn
}

// all is what a cell has printed and returned.
func (r *recorder) all() string {
	text := r.stdout()
	for _, data := range r.results {
		text += textOf(data)
	}
	return text
}

// TestScalaOnApacheLivy has the REPL run cells as Apache Livy does. What they
// print is there before an error too, and each text once, in its order, whether
// it comes while the cell runs or at its end; what they mean is what it was.
func TestScalaOnApacheLivy(t *testing.T) {
	for _, liveOutput := range []string{"off", config.LiveOutputLog} {
		t.Run(liveOutput, func(t *testing.T) {
			bn := scalaBench(t, scalaInterpreter(t), liveOutput)
			for _, c := range []struct{ name, code, want, failure string }{
				{"the REPL's words", "val x = 1\nprintln(\"a\")\nval y = x + 1", "x: Int = 1\na\ny: Int = 2", ""},
				{"an exception", "println(\"before é🎉\")\nval z = 3\nprint(\"and\"); sys.error(\"no\")", "before é🎉\nz: Int = 3\nand", "java.lang.RuntimeException: no"},
				{"in a block", "for (i <- 1 to 3) {\n  println(i)\n  if (i == 2) throw new Exception(\"two\")\n}", "1\n2", "java.lang.Exception: two"},
				{"what the compiler refuses", "println(\"one\")\nval n: Int = \"s\"", "one", "type mismatch"},
				{"incomplete", "println(\"one\")\nfoo(", "one", "incomplete statement"},
				{"nothing printed", "1/0", "", "java.lang.ArithmeticException: / by zero"},
				{"a warning among the text", "println(\"a\")\nval d = new java.util.Date(120, 1, 1).getYear\nprintln(\"b\")", "a…d: Int = 120\n…b…", ""},
				{"other ways to print", "Console.println(\"c\")\nConsole.out.println(\"d\")\nSystem.out.println(\"e\")\nval t = new Thread(() => println(\"f\")); t.start(); t.join()\nConsole.withOut(new java.io.ByteArrayOutputStream)(println(\"hidden\"))", "c\nd\ne\nf\nt: Thread = Thread[…", ""},
				{"a long value", "val all = (1 to 1000).toList\nclass S; val s = new S\nprintln(\"end\")", "all: List[Int] = List(1, 2,…...\ndefined class S\ns: S = S@…\nend", ""},
				{"a case class and closures", "case class P(n: Int, s: String)\nval k = 5\nval ps = Seq(P(1, \"a\")).toDS\nps.map(p => P(p.n + k, p.s)).collect().toList.mkString\nval sum = sc.parallelize(1 to 4).map(_ + k).sum", "defined class P\nk: Int = 5\nps: …: String = P(6,a)\nsum: Double = 30.0", ""},
				{"an exception in a task", "println(\"job\")\nsc.parallelize(Seq(1, 0)).map(1 / _).collect()", "job", "by zero"},
				{"implicits and companions", "implicit class Twice(i: Int) { def twice = i * 2 }\nclass C(val i: Int); object C { def apply(i: Int) = new C(i) }\nval four = C(2).i.twice", "defined class Twice\ndefined class C\ndefined object C\nfour: Int = 4", ""},
				{"a definition of several lines", "def fact(n: Int): Int = {\n  if (n < 2) 1\n  else n * fact(n - 1)\n}\nval f5 = fact(5)", "fact: (n: Int)Int\nf5: Int = 120", ""},
				{"more than Livy sends", "for (i <- 1 to 19) println(\"y\" * 1000000)\nprintln(\"never\")", "yyy…yyy\n[cut: the rest of this output is left out; print less in one cell, or write it to a file]", ""},
				{"a comment", "// nothing", "", ""},
				{"a job group of the user's", "sc.setJobGroup(\"mine\", \"x\")\nprintln(\"a\")\nsys.error(\"b\")", "a", "java.lang.RuntimeException: b"},
				{"an output before an exception", "displayHTML(\"<b>x</b>\")\nprintln(\"q\")\nsys.error(\"end\")", "q", "java.lang.RuntimeException: end"},
				{"an output among the text", "println(\"a\")\ndisplayHTML(\"<b>x</b>\")\nprintln(\"b\")", "a\nb", ""},
			} {
				if liveOutput == "off" && c.failure == "" {
					continue // that is all Livy's own
				}
				t.Run(c.name, func(t *testing.T) { runScala(t, bn, c.code, c.want, c.failure) })
			}
			if liveOutput != "off" {
				t.Run("while it runs", func(t *testing.T) { watchScala(t, bn) })
			}
		})
	}
}

// runScala runs a cell, which prints what has all of want in its order, each of
// its lines once, and fails where failure says what is to be read in the error.
func runScala(t *testing.T, bn *bench, code string, want, failure string) {
	t.Helper()
	r, err := bn.run(code)
	got := strings.TrimSpace(r.all())
	seen := make(map[string]bool)
	for line := range strings.Lines(got) {
		if seen[line] && len(line) < 1000 {
			t.Errorf("%q stands there twice: %.2000q", line, got)
		}
		seen[line] = true
	}
	rest := got
	for _, part := range strings.Split(want, "…") {
		before, after, found := strings.Cut(rest, part)
		if !found || before != "" && !strings.Contains(want, "…") {
			t.Errorf("%.2000q (%d bytes, at the end %q), want %q", got, len(got), got[max(0, len(got)-200):], want)
		}
		rest = after
	}
	if rest != "" && !strings.HasSuffix(want, "…") {
		t.Errorf("%q, and %q beyond it", got, rest)
	}
	if failure == "" {
		if err != nil {
			t.Error(err)
		}
		return
	}
	e := cellError(t, err)
	if text := strings.Join(e.Traceback, "\n"); !strings.Contains(e.EValue, failure) || strings.Contains(e.EValue+text, noncePrefix) {
		t.Errorf("error %q, %q", e.EValue, text)
	}
}

// watchScala sees what a cell prints while it runs.
func watchScala(t *testing.T, bn *bench) {
	t.Helper()
	goOn := filepath.Join(t.TempDir(), "go on")
	r := bn.start("val m = 2\ndisplayHTML(\"<i>shown</i>\")\nprint(\"begun\")\nwhile (!new java.io.File(raw\"" + goOn + "\").exists) Thread.sleep(10)\nprintln(\", ended\")\nval last = 3")
	r.awaitStdout(t, "m: Int = 2\nbegun")
	if len(r.displays) != 1 {
		t.Errorf("displays %+v", r.displays)
	}
	if err := os.WriteFile(goOn, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := <-r.err; err != nil || strings.TrimSpace(r.all()) != "m: Int = 2\nbegun, ended\nlast: Int = 3" {
		t.Errorf("%q, error %v", r.all(), err)
	}
}
