// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// liveBench returns a bench whose server tells what a statement prints while it
// runs, as the embedded one does, and the texts that the cell "cell" prints.
func liveBench(t *testing.T, kind livy.Kind) (bn *bench, texts chan string) {
	t.Helper()
	bn = newBench(t, kind, livytest.WithServerOptions(server.WithHold(true)))
	bn.bridge.displays = true
	texts = make(chan string)
	bn.engine.Otherwise(livytest.Text(""))
	bn.engine.On("cell", livytest.Prints(texts))
	bn.must("1+1")
	return bn, texts
}

// TestLiveOutput shows what a cell prints while it runs, each text once.
func TestLiveOutput(t *testing.T) {
	for _, kind := range []livy.Kind{livy.KindPySpark, livy.KindSpark} {
		t.Run(string(kind), func(t *testing.T) {
			bn, texts := liveBench(t, kind)
			r := bn.start("cell")
			want := ""
			for i := range 3 {
				line := fmt.Sprintf("line %d é\n", i)
				want += line
				texts <- line
				r.awaitStdout(t, want)
			}
			close(texts)
			if err := <-r.err; err != nil || r.stdout() != want {
				t.Errorf("%q, error %v", r.stdout(), err)
			}
		})
	}
}

// TestLiveLinesAreWhole: a bar that is written over arrives as its states, and
// a last line without an end gets one.
func TestLiveLinesAreWhole(t *testing.T) {
	bn, texts := liveBench(t, livy.KindPySpark)
	r := bn.start("cell")
	texts <- "\r 0 %\r 1 %"
	r.awaitStdout(t, " 1 %")
	texts <- "\r 2 %\r 3 %"
	r.awaitStdout(t, " 1 %\r 3 %")
	texts <- "\nend"
	r.awaitStdout(t, " 1 %\r 3 %\nend")
	close(texts)
	if err := <-r.err; err != nil || r.stdout() != " 1 %\r 3 %\nend\n" {
		t.Errorf("%q, error %v", r.stdout(), err)
	}
}

// TestLiveDisplays shows outputs where they come among the text, torn into
// whatever pieces; the last result is the cell's.
func TestLiveDisplays(t *testing.T) {
	bn, texts := liveBench(t, livy.KindPySpark)
	nonce := bn.bridge.session().nonce
	r := bn.start("cell")
	texts <- "a\n" + nonce[:7]
	r.awaitStdout(t, "a\n")
	texts <- nonce[7:] + `{"type":"display_data","data":`
	texts <- "{\"text/plain\":\"shown\"}}\nb"
	r.awaitStdout(t, "a\nb")
	if r.shown() != "shown" {
		t.Errorf("shown %q", r.shown())
	}
	texts <- "\n" + nonce + `{"type":"execute_result","data":{"text/plain":"first"}}` + "\nc\n"
	texts <- nonce + `{"type":"execute_result","data":{"text/plain":"second"}}` + "\n"
	r.await(t, "first")
	r.awaitStdout(t, "a\nb\nc\n")
	texts <- nonce + `{"type":"display_data","data":{"text/plain":"a figure"}}` + "\n"
	close(texts)
	if err := <-r.err; err != nil || r.shown() != "shown\nfirst\na figure" || r.stdout() != "a\nb\nc\n" {
		t.Errorf("shown %q, stdout %q, error %v", r.shown(), r.stdout(), err)
	}
	if len(r.results) != 1 || textOf(r.results[0]) != "second" {
		t.Errorf("results %s", r.results)
	}
}

// TestLiveClearOutput clears what was shown, and the line of progress begins
// anew; with wait nothing but the cell's own next output clears.
func TestLiveClearOutput(t *testing.T) {
	bn, texts := liveBench(t, livy.KindPySpark)
	nonce := bn.bridge.session().nonce
	r := bn.start("cell")
	texts <- "old\n"
	r.awaitStdout(t, "old\n")
	texts <- nonce + `{"type":"clear_output","wait":true}` + "\nnew\n"
	r.awaitStdout(t, "new\n")
	close(texts)
	if err := <-r.err; err != nil || r.stdout() != "new\n" {
		t.Errorf("%q, error %v", r.stdout(), err)
	}
}

// TestLiveBeforeAnError shows what was printed before an error, and the error.
func TestLiveBeforeAnError(t *testing.T) {
	bn, _ := liveBench(t, livy.KindPySpark)
	bn.engine.On("fail", func(_ context.Context, call livytest.Call) (server.Output, error) {
		call.Printed("before\n")
		return livytest.ErrorOutput("E", "v", "E: v\n"), nil
	})
	r, err := bn.run("fail")
	if e := cellError(t, err); e.EName != "E" || r.stdout() != "before\n" {
		t.Errorf("%s after %q", e, r.stdout())
	}
}

// TestLiveUntilTheInterrupt shows what an interrupted cell has printed, also
// where its code goes on.
func TestLiveUntilTheInterrupt(t *testing.T) {
	for name, stubborn := range map[string]bool{"ends": false, "goes on": true} {
		t.Run(name, func(t *testing.T) {
			bn, _ := liveBench(t, livy.KindPySpark)
			release := make(chan struct{})
			bn.engine.On("long", func(ctx context.Context, call livytest.Call) (server.Output, error) {
				call.Printed("begun")
				then := livytest.Text("begun")
				if stubborn {
					return livytest.Stubborn(release, then)(ctx, call)
				}
				return livytest.Until(release, then)(ctx, call)
			})
			r := bn.start("long")
			r.awaitStdout(t, "begun")
			r.interrupt(nil)
			if e := cellError(t, <-r.err); e.EName != "KeyboardInterrupt" || r.stdout() != "begun\n" {
				t.Errorf("%s after %q", e, r.stdout())
			}
			close(release)
			bn.must("1+1")
		})
	}
}

// TestLiveOutputOfAKeptSession shows the next kernel of the notebook what the
// cell of the last one has printed, and what it still prints.
func TestLiveOutputOfAKeptSession(t *testing.T) {
	for _, when := range []string{"ended", "running"} {
		t.Run(when, func(t *testing.T) {
			ks := newKernelsOn(t, config.Kernel{OnShutdown: "keep"}, livytest.WithServerOptions(server.WithHold(true)))
			texts := make(chan string)
			ks.engine.On("cell", livytest.Prints(texts))
			r := ks.start("cell")
			texts <- "a\n"
			r.awaitStdout(t, "a\n")
			r.interrupt(kernel.ErrShutdown)
			if e := cellError(t, <-r.err); !strings.Contains(e.EValue, "goes on in the kept session") {
				t.Errorf("got %s", e)
			}
			ks.closeNow()
			if when == "ended" {
				texts <- "b\n"
				close(texts)
			}
			ks.next("nb")
			second := ks.start("1+1")
			if when == "running" {
				second.awaitStdout(t, "a\n")
				texts <- "b\n"
				second.awaitStdout(t, "a\nb\n")
				close(texts)
			}
			if err := <-second.err; err != nil || second.stdout() != "a\nb\n2\n" {
				t.Errorf("%q, error %v", second.stdout(), err)
			}
		})
	}
}

// TestBeyond completes a text by what was not shown of it, in whatever order
// the server has put it.
func TestBeyond(t *testing.T) {
	for _, c := range []struct {
		name, whole string
		shown       []string
		want        string
	}{
		{"nothing shown", "a\nb", nil, "a\nb"},
		{"the beginning", "a\nb\nc", []string{"a\n", "b\n"}, "c"},
		{"all, and Livy strips", "a\nb", []string{"a\n", "b\n\n"}, ""},
		{"stderr follows", "a\nerr", []string{"a\n"}, "err"},
		{"between the echoes of a REPL", "x: Int = 1\na\ny: Int = 2\nb\nres0: Int = 3\n", []string{"a\n", "b\n"}, "x: Int = 1\ny: Int = 2\nres0: Int = 3\n"},
		{"a warning within a piece", "a\nwarning: deprecated\nb\nc\n", []string{"a\nb\n"}, "warning: deprecated\nc\n"},
		{"a warning before a piece that is torn", "a\nwarning: deprecated\n12\n1 2", []string{"a\n12\n1"}, "warning: deprecated\n 2"},
		{"a warning, and the last line stripped", "a\nwarning: deprecated\nb", []string{"a\nb\n"}, "warning: deprecated\n"},
		{"a line alike among those never there", "11\nwarning\n1\n", []string{"z\n1\n"}, "11\nwarning\n"},
		{"never there", "a\n", []string{"z\n"}, "a\n"},
		{"the last one stripped", "x = 1\na", []string{"a\n"}, "x = 1\n"},
	} {
		if got := beyond(c.whole, c.shown); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
