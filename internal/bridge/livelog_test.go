// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/display"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// logBench returns a bench whose profile has what cells print come through the
// log of an Apache Livy.
func logBench(t *testing.T) *bench {
	t.Helper()
	bn := newBench(t, livy.KindPySpark)
	profile := bn.bridge.profile
	profile.Kernel.LiveOutput = config.LiveOutputLog
	bn.use(Options{Profile: profile})
	bn.bridge.mends, bn.bridge.displays = true, true
	bn.engine.Otherwise(livytest.Text(""))
	bn.must("1+1")
	return bn
}

// logged is what the helper writes into the log when statement id prints text
// at that place.
func (bn *bench) logged(id, at int, text string) string {
	return fmt.Sprintf("%s{\"group\":\"%d\",\"at\":%d,\"text\":%q}", bn.bridge.session().nonce, id, at, text)
}

// printing is a cell that writes what each of steps names into the log, each
// when the channel is read, and ends with out when it is closed.
func printing(bn *bench, steps <-chan []string, out server.Output) livytest.Behaviour {
	return func(ctx context.Context, call livytest.Call) (server.Output, error) {
		for lines := range steps {
			for _, line := range lines {
				call.Log(strings.Replace(line, `"group":"ID"`, fmt.Sprintf(`"group":"%d"`, call.ID), 1)) // a nonce may have ID in it
			}
		}
		return out, nil
	}
}

// TestLiveOutputByLog shows what the log has of a running cell, and the rest at
// its end, each once, whatever else is logged and however much.
func TestLiveOutputByLog(t *testing.T) {
	noise := make([]string, 300)
	for i := range noise {
		noise[i] = "26/11/23 08:46:43 INFO Executor: Running task"
	}
	ok := func(text string) server.Output { return livytest.TextOutput(text) }
	for _, c := range []struct {
		name  string
		steps [][]string // lines of text, its place before them
		seen  []string   // what is printed after each
		out   func(nonce string) server.Output
		want  string
	}{
		{"all of it", [][]string{{"0 a\n"}, {noise[0], "2 b\n"}}, []string{"a\n", "a\nb\n"},
			func(string) server.Output { return ok("a\nb") }, "a\nb\n"},
		{"and stderr", [][]string{{"0 a\n"}}, []string{"a\n"},
			func(string) server.Output { return ok("a\nwarning") }, "a\nwarning\n"},
		{"lines lost from the ring", [][]string{{"0 a\n"}, append(append([]string{"2 b\n"}, noise...), "4 c\n")}, []string{"a\n", "a\n"},
			func(string) server.Output { return ok("a\nb\nc") }, "a\nb\nc\n"},
		{"before an error", [][]string{{"0 a\n"}}, []string{"a\n"},
			func(nonce string) server.Output { return livytest.ErrorOutput("E", "v", "E: v\n", nonce+"a\nb\n") }, "a\nb\n"},
		{"nothing in the log", nil, nil, func(string) server.Output { return ok("a") }, "a\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bn := logBench(t)
			steps := make(chan []string)
			bn.engine.On("cell", printing(bn, steps, c.out(bn.bridge.session().nonce)))
			r := bn.start("cell")
			for i, lines := range c.steps {
				var step []string
				for _, line := range lines {
					var at int
					if n, _ := fmt.Sscan(line, &at); n == 1 && !strings.Contains(line, "INFO") {
						_, text, _ := strings.Cut(line, " ")
						line = strings.Replace(bn.logged(0, at, text), `"group":"0"`, `"group":"ID"`, 1)
					}
					step = append(step, line)
				}
				steps <- step
				r.awaitStdout(t, c.seen[i])
			}
			close(steps)
			err := <-r.err
			if r.stdout() != c.want || (err != nil) != (c.name == "before an error") {
				t.Errorf("%q, want %q; error %v", r.stdout(), c.want, err)
			}
		})
	}
}

// TestLiveDisplayByLog shows an output of a running cell at its place.
func TestLiveDisplayByLog(t *testing.T) {
	bn := logBench(t)
	frame := bn.bridge.session().nonce + `{"type":"display_data","data":{"text/plain":"shown"}}` + "\n"
	steps := make(chan []string)
	bn.engine.On("cell", printing(bn, steps, livytest.TextOutput("a\n"+frame+"b")))
	r := bn.start("cell")
	steps <- []string{strings.Replace(bn.logged(0, 0, "a\n"+frame), `"group":"0"`, `"group":"ID"`, 1)}
	r.await(t, "shown")
	close(steps)
	if err := <-r.err; err != nil || r.stdout() != "a\nb\n" || r.shown() != "shown" {
		t.Errorf("stdout %q, shown %q, error %v", r.stdout(), r.shown(), err)
	}
}

// TestLogIsReadWhereAskedFor: by default no cell is printed into the log, and
// it is not read.
func TestLogIsReadWhereAskedFor(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.bridge.mends, bn.bridge.displays = true, true
	bn.engine.Otherwise(livytest.Text(""))
	bn.must("1+1")
	for _, stmt := range bn.engine.Ran() {
		if strings.Contains(stmt.Code, display.Live()) {
			t.Error("the interpreter was told to write into the log")
		}
	}
	if n := bn.server.Count("GET /sessions/*/log"); n != 0 {
		t.Errorf("the log was read %d times", n)
	}
	bn = logBench(t)
	if n := bn.engine.Runs(prologueOf(bn.bridge.session().nonce) + display.Python(bn.bridge.session().nonce) + display.Live()); n != 1 {
		t.Errorf("the interpreter was told %d times", n)
	}
}

// TestLogsAreTheSessionsOwn: neither %%logs nor the log below an error repeats
// what cells have printed.
func TestLogsAreTheSessionsOwn(t *testing.T) {
	bn := logBench(t)
	bn.engine.On("cell", livytest.Log(livytest.Text(""), "WARN its own", bn.logged(1, 0, "a cell's")))
	bn.must("cell")
	if got := bn.must("%%logs").stdout(); !strings.Contains(got, "its own") || strings.Contains(got, "a cell's") {
		t.Errorf("%q", got)
	}
	if e := newError("SessionLost", "x", []string{"WARN its own", bn.logged(1, 0, "a cell's")}); len(e.Traceback) != 3 {
		t.Errorf("%q", e.Traceback)
	}
}
