// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
)

// TestRow37NothingAndTheUnknown shows nothing of an empty output, and a text in
// place of what no client knows.
func TestRow37NothingAndTheUnknown(t *testing.T) {
	for _, data := range []map[string]json.RawMessage{nil, {}, {"text/plain": json.RawMessage("null")}} {
		if c := Output(livy.Output{Status: "ok", Data: data}); c.Stdout != "" || c.Value != nil {
			t.Errorf("%v shows %+v", data, c)
		}
	}
	c := Output(livy.Output{Status: "ok", Data: map[string]json.RawMessage{"application/x-new": json.RawMessage(`{"a":1}`)}})
	if text, _ := textOf(c.Value[mimeText]); !strings.Contains(text, "application/x-new") {
		t.Errorf("no text stands for it: %v", c.Value)
	}
}

// TestRow70And72Hostile keeps what data holds from becoming markup, and from
// steering a terminal: as a column, a value, a note and an error.
func TestRow70And72Hostile(t *testing.T) {
	const hostile = `<script>x</script><img src=x onerror=y><svg/onload=z><button data-commandlinker-command="c">` +
		"\x1b]52;c;aGk=\x07\x1b]0;title\x07\x1b]8;;http://e\x1b\\link\u202e\u009b2J"
	table := Table{
		Columns: []Column{{Name: hostile, Type: hostile}}, Note: hostile,
		Rows: [][]Cell{{{Text: hostile}}, {{Text: strings.Repeat(hostile, 20)}}},
	}
	markup := strings.TrimPrefix(table.HTML(), style)
	if rest := ownMarkup.ReplaceAllString(markup, ""); strings.ContainsAny(rest, "<>\"") {
		t.Errorf("markup of the data is left: %q", rest)
	}
	for _, kind := range []livy.Kind{livy.KindPySpark, livy.KindSpark, livy.KindSQL} {
		e, ok := Source{Kind: kind, Code: hostile}.Failure(livy.Output{
			Status: "error", EName: hostile, EValue: hostile + " line 1 pos 3", Traceback: []string{hostile, "File \"<stdin>\", line 1, in " + hostile},
		})
		if !ok {
			t.Fatal("no failure")
		}
		for _, text := range []string{table.Text(), markup, e.Short.EName, e.Short.EValue, Colour(strings.Join(e.Short.Traceback, "\n"))} {
			if strings.ContainsAny(text, "\x07\u202e\u009b") || strings.Contains(text, "\x1b]") {
				t.Errorf("%s: controls are left in %q", kind, text)
			}
		}
		if shown := strings.Join(e.Short.Traceback, "\n"); shown != Colour(shown) {
			t.Errorf("%s: the traceback is not filtered: %q", kind, shown)
		}
	}
}
