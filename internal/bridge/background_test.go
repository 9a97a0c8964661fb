// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// backgroundCode is code as VS Code sends it to ask for completions: in a
// thread of IPython, whose answer comes by a display that the number names.
func backgroundCode(number int, call string) string {
	return fmt.Sprintf(`def __jupyter_exec_background__():
    from IPython.display import display
    from threading import Thread
    from traceback import format_exc

    output = display({"application/vnd.vscode.bg.execution.%[1]d": ""}, raw=True, display_id=True)

    def do_implementation():
        return %[2]s

    def bg_main():
        try:
            output.update({"application/vnd.vscode.bg.execution.%[1]d.result": do_implementation()}, raw=True)
        except Exception as e:
            output.update({"application/vnd.vscode.bg.execution.%[1]d.error": format_exc()}, raw=True)

    Thread(target=bg_main, daemon=True).start()

__jupyter_exec_background__()
del __jupyter_exec_background__
`, number, call)
}

// inBackground runs such code and returns the one display that it leaves.
func inBackground(t *testing.T, b *Bridge, code string) kernel.Display {
	t.Helper()
	r := &recorder{}
	if err := b.Execute(t.Context(), kernel.Cell{Code: code}, r); err != nil {
		t.Fatal(err)
	}
	if len(r.displays) != 1 || r.updates != 1 || r.displays[0].ID == "" || len(r.streams)+len(r.results) != 0 {
		t.Fatalf("%d displays, %d updates, %v", len(r.displays), r.updates, r.streams)
	}
	return r.displays[0]
}

// TestBackgroundCompletion: the answer is that of complete_request, in the
// display that VS Code looks for. It counts as JavaScript does, in UTF-16.
func TestBackgroundCompletion(t *testing.T) {
	b := New(Options{Kind: livy.KindPySpark})
	for name, c := range map[string]struct {
		call       string
		want       string // one of the matches
		start, end int
	}{
		"a word":             {`get_ipython().kernel.do_complete("impor", 5)`, "import", 0, 5},
		"a magic":            {`get_ipython().kernel.do_complete("%%sq", 4)`, "%%sql", 0, 4},
		"of PySpark":         {`get_ipython().kernel.do_complete("spark.createD", 13)`, "createDataFrame", 6, 13},
		"astral characters":  {`get_ipython().kernel.do_complete("x = '🦀🦀'; impor", 17)`, "import", 12, 17},
		"combining ones":     {"get_ipython().kernel.do_complete(\"e\u0301 = impor\", 10)", "import", 5, 10},
		"quotes and lines":   {`get_ipython().kernel.do_complete("x = \"a\\n\"\nimpor", 15)`, "import", 10, 15},
		"all escapes":        {`get_ipython().kernel.do_complete("a\tb\r\n\f'\\\"'\'\'; impor", 19)`, "import", 14, 19},
		"beyond the end":     {`get_ipython().kernel.do_complete("impor", 99)`, "import", 0, 5},
		"within a character": {`get_ipython().kernel.do_complete("🦀", 1)`, "", 0, 2},
	} {
		t.Run(name, func(t *testing.T) {
			shown := inBackground(t, b, backgroundCode(7, c.call))
			var reply wire.CompleteReply
			if err := json.Unmarshal(shown.Data["application/vnd.vscode.bg.execution.7.result"], &reply); err != nil {
				t.Fatalf("%v: %s", err, shown.Data)
			}
			if reply.Status != wire.StatusOK || !strings.Contains(" "+strings.Join(reply.Matches, " ")+" ", " "+c.want+" ") {
				t.Errorf("%+v", reply)
			}
			if c.want == "" {
				return
			}
			if diff := cmp.Diff([2]int{c.start, c.end}, [2]int{reply.CursorStart, reply.CursorEnd}); diff != "" {
				t.Errorf("cursors: %s", diff)
			}
		})
	}
}

func TestBackgroundInspection(t *testing.T) {
	b := New(Options{Kind: livy.KindPySpark})
	for call, found := range map[string]bool{
		`get_ipython().kernel.do_inspect("%%sql", 3, 0)`: true,
		`get_ipython().kernel.do_inspect("%%sql", 3)`:    true,
		`get_ipython().kernel.do_inspect("nothing", 3)`:  false,
	} {
		shown := inBackground(t, b, backgroundCode(12, call))
		var reply wire.InspectReply
		if err := json.Unmarshal(shown.Data["application/vnd.vscode.bg.execution.12.result"], &reply); err != nil {
			t.Fatalf("%v: %s", err, shown.Data)
		}
		if reply.Status != wire.StatusOK || reply.Found != found || (len(reply.Data) > 0) != found {
			t.Errorf("%s: %+v", call, reply)
		}
	}
}

// TestBackgroundGivesWay: VS Code sends its question as a cell, and the next one
// does not wait for a session to answer it.
func TestBackgroundGivesWay(t *testing.T) {
	inTestTime(t, func(t *testing.T, b *Bridge, engine *livytest.Engine, _ *counter) {
		hang, begun := signal(livytest.Until(nil, nil))
		onQuestion(b, engine, hang)
		runs(t, b, "fare = 1")
		waiting := make(chan struct{})
		answered := make(chan *recorder)
		go func() {
			r := &recorder{}
			code := backgroundCode(1, `get_ipython().kernel.do_complete("far", 3)`)
			if err := b.Execute(t.Context(), kernel.Cell{Code: code, Waiting: waiting}, r); err != nil {
				t.Error(err)
			}
			answered <- r
		}()
		<-begun
		came := time.Now()
		close(waiting)
		r := <-answered
		if waited := time.Since(came); waited != 0 {
			t.Errorf("the next cell waited %v", waited)
		}
		if got := string(r.displays[0].Data["application/vnd.vscode.bg.execution.1.result"]); !strings.Contains(got, `"fare"`) {
			t.Errorf("answered: %s", got)
		}
	})
}

// TestBackgroundElse: what else VS Code wants to be run in this way, the list of
// variables for one, is answered by an error, so that it does not wait.
func TestBackgroundElse(t *testing.T) {
	b := New(Options{Kind: livy.KindPySpark})
	for _, call := range []string{`_VSCODE_getVariables()`, `get_ipython().kernel.do_complete("x", 99999999999)`, `get_ipython().kernel.do_complete("open, 3)`} {
		shown := inBackground(t, b, backgroundCode(0, call))
		var said string
		if err := json.Unmarshal(shown.Data["application/vnd.vscode.bg.execution.0.error"], &said); err != nil || said == "" {
			t.Errorf("%s: %v: %s", call, err, shown.Data)
		}
	}
}

// FuzzBackground: whatever stands in the code, there is an answer whose positions
// lie in it, as JavaScript counts.
func FuzzBackground(f *testing.F) {
	f.Add("do_complete", `x = '🦀'; impor`, 15)
	f.Add("do_inspect", `%%sql\n\\\"`, 3)
	f.Add("do_complete", "\xff\xed\xa0\x80\\", 2)
	f.Fuzz(func(t *testing.T, call, code string, position int) {
		b := New(Options{Kind: livy.KindPySpark})
		text := backgroundCode(1, fmt.Sprintf(`get_ipython().kernel.%s("%s", %d)`, call, code, position))
		r := &recorder{}
		if err := b.Execute(t.Context(), kernel.Cell{Code: text}, r); err != nil {
			t.Fatal(err)
		}
		if len(r.displays) != 1 {
			t.Fatalf("%d displays", len(r.displays))
		}
		var reply wire.CompleteReply
		result, ok := r.displays[0].Data["application/vnd.vscode.bg.execution.1.result"]
		if !ok {
			return // an error
		}
		if err := json.Unmarshal(result, &reply); err != nil {
			t.Fatalf("%v: %s", err, result)
		}
		if units := len(utf16.Encode([]rune(code))); reply.CursorStart < 0 || reply.CursorEnd < reply.CursorStart || reply.CursorEnd > units {
			t.Errorf("%q of %d units: from %d to %d", code, units, reply.CursorStart, reply.CursorEnd)
		}
	})
}
