// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/display"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// scalaCellsBench returns a bench whose Scala interpreter answers as scripted,
// with what keeps what the cells print.
func scalaCellsBench(t *testing.T) *bench {
	t.Helper()
	bn := newBench(t, livy.KindSpark)
	bn.bridge.mends = true
	bn.engine.Otherwise(livytest.Text(""))
	bn.must("1+1")
	return bn
}

// before is a frame of what was printed before an error.
func (bn *bench) before(t *testing.T, text string) string {
	t.Helper()
	line, err := json.Marshal(display.Frame{Type: display.Before, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return bn.bridge.session().nonce + string(line)
}

// TestScalaBeforeAnError shows what comes along with an exception, and the
// exception without what its line has printed.
func TestScalaBeforeAnError(t *testing.T) {
	bn := scalaCellsBench(t)
	shown := bn.bridge.session().nonce + `{"type":"display_data","data":{"text/plain":"x"}}` + "\n"
	frame := bn.before(t, shown+"a\nb")
	for name, lines := range map[string][]string{
		"nothing in its line": {frame, "java.lang.Exception: x\n", "  ... 43 elided\n"},
		"in its line":         {"b" + frame, "java.lang.Exception: x\n", "  ... 43 elided\n"},
		"after an output":     {shown[:len(shown)-1], "b" + frame, "java.lang.Exception: x\n", "  ... 43 elided\n"},
		"several lines":       {"a", "b" + frame + "\n", "java.lang.Exception: x\n", "  ... 43 elided\n"},
	} {
		t.Run(name, func(t *testing.T) {
			bn.engine.On("cell\nfails", livytest.Error("Error", lines[0], lines[1:]...))
			posts := bn.server.Count(postStatement)
			r, err := bn.run("cell\nfails")
			if e := cellError(t, err); e.EValue != "java.lang.Exception: x" || strings.Contains(strings.Join(e.Traceback, "\n"), noncePrefix) {
				t.Errorf("error %q, %q", e.EValue, e.Traceback)
			}
			if r.stdout() != "a\nb\n" || r.shown() != "x" {
				t.Errorf("stdout %q, shown %q", r.stdout(), r.shown())
			}
			if n := bn.server.Count(postStatement) - posts; n != 1 {
				t.Errorf("%d statements", n)
			}
		})
	}
}

// TestScalaBeforeARefusedLine asks for what the lines before it have printed,
// once, and does without an answer.
func TestScalaBeforeARefusedLine(t *testing.T) {
	bn := scalaCellsBench(t)
	refused := livytest.Error("Error", "<console>:22: error: not found: value foo", "       foo\n", "       ^\n")
	asked := false
	for name, c := range map[string]struct {
		code   string
		answer livytest.Behaviour
		want   string
	}{
		"printed":     {"println(1)\nfoo", livytest.Text(bn.before(t, "1\n") + "\n"), "1\n"},
		"no answer":   {"println(1)\nfoo", livytest.Error("Error", "not found: value LivyKernelCells"), ""},
		"nothing":     {"println(1)\nfoo", livytest.Text(""), ""},
		"of one line": {"foo\n", livytest.Text(bn.before(t, "no cell's")), ""},
	} {
		t.Run(name, func(t *testing.T) {
			asked = false
			bn.engine.Otherwise(func(ctx context.Context, call livytest.Call) (server.Output, error) {
				if strings.HasPrefix(call.Code, "LivyKernelCells.printed(") {
					asked = true
					return c.answer(ctx, call)
				}
				return refused(ctx, call)
			})
			r, err := bn.run(c.code)
			if e := cellError(t, err); !strings.Contains(e.EValue, "not found: value foo") {
				t.Errorf("got %s", e)
			}
			if r.stdout() != c.want || r.streams["stderr"] != "" {
				t.Errorf("stdout %q, stderr %q", r.stdout(), r.streams["stderr"])
			}
			if asked == (name == "of one line") {
				t.Errorf("asked: %t", asked)
			}
		})
	}
}

// TestNonceOfAKeptSession takes apart what the cell of the last kernel has sent
// for that one: its outputs, and what it printed before an error.
func TestNonceOfAKeptSession(t *testing.T) {
	ks := newKernelsOn(t, config.Kernel{OnShutdown: "keep"})
	ks.bridge.mends, ks.bridge.displays = true, true
	ks.engine.Otherwise(livytest.Text(""))
	ks.must("1")
	nonce := ks.bridge.session().nonce
	release := make(chan struct{})
	began, reached := signal(livytest.Until(release, livytest.Text("a\n"+nonce+`{"type":"display_data","data":{"text/plain":"shown"}}`+"\n")))
	ks.engine.On("cell", began)
	r := ks.start("cell")
	<-reached
	r.interrupt(kernel.ErrShutdown)
	cellError(t, <-r.err)
	ks.closeNow()
	close(release)
	ks.next("nb")
	second := ks.must("2")
	if second.stdout() != "a\n" || !strings.Contains(second.shown(), "shown") || ks.bridge.session().nonce != nonce {
		t.Errorf("stdout %q, shown %q", second.stdout(), second.shown())
	}
}
