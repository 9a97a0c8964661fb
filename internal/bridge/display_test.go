// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/display"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// displayBench returns a bench whose Python session has the helper, the nonce
// of its frames, and what makes a frame of JSON.
func displayBench(t *testing.T) (bn *bench, frame func(line string) string) {
	t.Helper()
	bn = newBench(t, livy.KindPySpark)
	bn.bridge.displays = true
	bn.engine.Otherwise(livytest.Text(""))
	bn.must("1+1")
	return bn, func(line string) string { return bn.bridge.session().nonce + line + "\n" }
}

// TestDisplaysAreShownInOrder publishes what the frames hold, and what was
// printed between them.
func TestDisplaysAreShownInOrder(t *testing.T) {
	bn, frame := displayBench(t)
	bn.engine.On("cell", livytest.Text("a\n"+
		frame(`{"type":"execute_result","data":{"text/plain":"first"}}`)+
		frame(`{"type":"display_data","data":{"text/html":"<b>"},"metadata":{"text/html":{"k":1}},"display_id":"d"}`)+"b\n"+
		frame(`{"type":"display_data","data":{"application/vnd.livy-kernel.table+json":{"schema":{"type":"struct","fields":[{"name":"n","type":"long"}]},"data":[[9007199254740993]],"more":true}}}`)+
		frame(`{"type":"update_display_data","data":{"text/plain":"new"},"display_id":"d"}`)+
		strings.TrimSuffix(frame(`{"type":"execute_result","data":{"text/plain":"the result"}}`), "\n")))
	r := bn.must("cell")
	if got := r.stdout(); got != "a\nb\n" {
		t.Errorf("stdout %q", got)
	}
	if len(r.results) != 1 || textOf(r.results[0]) != "the result" {
		t.Errorf("results %s", r.results)
	}
	if len(r.displays) != 3 || r.updates != 1 || textOf(r.displays[1].Data) != "new" {
		t.Fatalf("%d updates of %+v", r.updates, r.displays)
	}
	table := r.displays[2].Data
	if !strings.Contains(string(table["text/html"]), "9007199254740993") || !strings.Contains(textOf(table), "9007199254740993") || table[tableType] != nil {
		t.Errorf("table %s", table)
	}
}

// TestDisplaysBeforeAnError shows what came before the error, and the error.
func TestDisplaysBeforeAnError(t *testing.T) {
	bn, frame := displayBench(t)
	bn.engine.On("fail", livytest.Error("E", "v", "E: v\n", bn.bridge.session().nonce+"a\n"+frame(`{"type":"display_data","data":{"text/plain":"x"}}`)))
	r, err := bn.run("fail")
	if e := cellError(t, err); e.EName != "E" || strings.Contains(strings.Join(e.Traceback, ""), "display_data") {
		t.Errorf("%+v", e)
	}
	if r.stdout() != "a\n" || len(r.displays) != 1 {
		t.Errorf("stdout %q, displays %+v", r.stdout(), r.displays)
	}
}

// TestRow37LargeOutputIsFetched gets an output that its statement had no room
// for before the cell ends, in its place; one that is gone is told of.
func TestRow37LargeOutputIsFetched(t *testing.T) {
	bn, frame := displayBench(t)
	whole := `{"type":"display_data","data":{"text/plain":"large"}}`
	part := func(text string, last bool) livytest.Behaviour {
		line, err := json.Marshal(display.Frame{Type: display.Part, Text: text, Last: last})
		if err != nil {
			t.Fatal(err)
		}
		return livytest.Text(frame(string(line)))
	}
	bn.engine.On(display.Fetch(7), livytest.InOrder(part(whole[:20], false), part(whole[20:], true)))
	bn.engine.On("cell", livytest.Text(frame(`{"type":"stored","key":7}`)+frame(`{"type":"display_data","data":{"text/plain":"small"}}`)))
	if r := bn.must("cell"); r.shown() != "large\nsmall" {
		t.Errorf("shown %q", r.shown())
	}
	if n := bn.engine.Runs(display.Fetch(7)); n != 2 {
		t.Errorf("fetched %d times", n)
	}
	for name, answer := range map[string]livytest.Behaviour{
		"gone":     part("", true),
		"an error": livytest.Error("KeyError", "no"),
		"not ours": livytest.Text("{}"),
		"a loop":   part(`{"type":"stored","key":7}`, true),
	} {
		t.Run(name, func(t *testing.T) {
			bn.engine.On(display.Fetch(7), answer)
			if r := bn.must("cell"); r.shown() != "small" || !strings.Contains(r.streams["stderr"], "left out") {
				t.Errorf("shown %q, stderr %q", r.shown(), r.streams["stderr"])
			}
		})
	}
}

// TestFiguresLeftOpen asks for them after a cell that says so, and only then.
func TestFiguresLeftOpen(t *testing.T) {
	bn, frame := displayBench(t)
	bn.engine.On(display.Flush(), livytest.Text(frame(`{"type":"display_data","data":{"image/png":"AAAA"}}`)))
	bn.engine.On("plot", livytest.Text(frame(`{"type":"flush"}`)+"b"))
	r := bn.must("plot")
	if r.stdout() != "b\n" || len(r.displays) != 1 || textOf(r.displays[0].Data) != "<image/png>" {
		t.Errorf("stdout %q, displays %+v", r.stdout(), r.displays)
	}
	posts := bn.server.Count(postStatement)
	bn.must("1+1")
	if n := bn.server.Count(postStatement) - posts; n != 1 {
		t.Errorf("%d statements for a cell without figures", n)
	}
}

// TestHelperIsSentOnce sends it before the first cell that can use it.
func TestHelperIsSentOnce(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.bridge.displays = true
	bn.engine.Otherwise(livytest.Text(""))
	for _, c := range []struct {
		code string
		want int
	}{
		{"%%spark\nval x = 1", 1}, {"%%spark\ndisplay(df)", 2}, {"%%spark\ndisplay(df)", 1},
		{"%%sql\nSELECT 1", 1}, {"1+1", 2}, {"1+1", 1},
	} {
		before := bn.server.Count(postStatement)
		bn.must(c.code)
		if n := bn.server.Count(postStatement) - before; n != c.want {
			t.Errorf("%q: %d statements, want %d", c.code, n, c.want)
		}
	}
	if bn.engine.Runs(display.Scala(bn.bridge.session().nonce)) != 1 {
		t.Error("Scala has no helper of this session's nonce")
	}
}

// TestHelperOnFabric gives display to a session of Fabric too, whose own display
// is that of its notebooks alone, and takes its frames apart.
func TestHelperOnFabric(t *testing.T) {
	ks := newFabric(t, config.Kernel{})
	ks.bridge.displays = true
	ks.engine.Otherwise(livytest.Text(""))
	ks.must("1+1")
	nonce := ks.bridge.session().nonce
	if n := ks.engine.Runs(display.Python(nonce)); n != 1 {
		t.Fatalf("the helper was sent %d times", n)
	}
	ks.engine.On("display(df)", livytest.Text("a\n"+nonce+`{"type":"display_data","data":{"text/html":"<b>"}}`+"\n"))
	if r := ks.must("display(df)"); r.stdout() != "a\n" || len(r.displays) != 1 {
		t.Errorf("stdout %q, displays %+v", r.stdout(), r.displays)
	}
	if !New(Options{Profile: config.Profile{Dialect: "fabric"}}).displays {
		t.Error("the helper is not sent by itself")
	}
}

// TestNonceOfTheFirstKernel takes over the nonce that is in force in a session
// that another kernel has used.
func TestNonceOfTheFirstKernel(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.bridge.displays = true
	bn.engine.Otherwise(livytest.Text(""))
	bn.must("%%sql\nSELECT 1")
	s := bn.bridge.session()
	s.origin, s.nonce = attached, newNonce()
	defer func() { s.origin = created }() // it is to be deleted
	first := newNonce()
	bn.engine.On(display.Python(s.nonce), livytest.Text(s.nonce+`{"type":"nonce","text":"`+first+`"}`))
	bn.engine.On("cell", livytest.Text(first+`{"type":"display_data","data":{"text/plain":"x"}}`))
	if r := bn.must("cell"); r.shown() != "x" || s.nonce != first {
		t.Errorf("shown %q, nonce %q", r.shown(), s.nonce)
	}
	s.prepared, s.nonce, bn.bridge.mends = nil, newNonce(), true
	bn.engine.On(display.Cells(s.nonce, false), livytest.Text(s.nonce+`{"type":"nonce","text":"`+first+`"}`+"\ndefined object LivyKernelCells\n"))
	bn.engine.On("\ncell", livytest.Text(first+`{"type":"display_data","data":{"text/plain":"x"}}`))
	if r := bn.must("%%spark\ncell"); r.shown() != "x" || s.nonce != first {
		t.Errorf("Scala: shown %q, nonce %q", r.shown(), s.nonce)
	}
}
