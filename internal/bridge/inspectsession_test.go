// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// inspected is what is said of the name at the bar, as text and as markdown.
func inspected(t *testing.T, b *Bridge, code string, detail int) (text, markdown string) {
	t.Helper()
	code, cursor := atBar(code)
	found, err := b.Inspect(t.Context(), code, cursor, detail)
	if err != nil || found == nil {
		t.Fatalf("%q: %v, %v", code, found, err)
	}
	if err := json.Unmarshal(found["text/markdown"], &markdown); err != nil {
		t.Fatalf("%q: %v", code, err)
	}
	return textOf(found), markdown
}

// TestInspectPython: what the session says is shown as text and as markdown that
// it cannot leave.
func TestInspectPython(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	answer := `{"type":"DataFrame","value":"a|b","doc":"Rows.\n` + "```" + `\n\u001b[31mred","source":"class DataFrame","fields":[["fare","double"],["a|b","int"]]}`
	onQuestion(bn.bridge, bn.engine, livytest.Text(bn.bridge.mark+answer+bn.bridge.mark))
	bn.must("df = 1")
	text, markdown := inspected(t, bn.bridge, "d|f", 1)
	for _, want := range []string{"Type: DataFrame", "fare  double", "Rows.", "class DataFrame"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
	for _, want := range []string{"**Type:** `DataFrame`", "| `fare` | `double` |", "| `a\\|b` | `int` |", "````text\nRows.\n```\nred\n````"} {
		if !strings.Contains(markdown, want) {
			t.Errorf("%q is not in %q", want, markdown)
		}
	}
	if strings.ContainsRune(text+markdown, '\x1b') {
		t.Errorf("control characters: %q", text)
	}
	asked := bn.engine.Ran()[len(bn.engine.Ran())-1].Code
	if !strings.Contains(asked, `{\"op\":\"inspect\",\"of\":[{\"op\":\"name\",\"name\":\"df\"}],\"detail\":1}`) {
		t.Errorf("asked: %s", asked)
	}
}

// TestInspectScala: the compiler is asked for the type, and nothing is run.
func TestInspectScala(t *testing.T) {
	bn := newBench(t, livy.KindSpark)
	mark := bn.bridge.mark
	onQuestion(bn.bridge, bn.engine, livytest.InOrder(
		livytest.Text("a line of a thread\n"+mark+"trips: org.apache.spark.sql.Dataset[Long]"+mark),
		livytest.Error("Error", "not found: value nobody"),
		livytest.Text(mark+"filter(condition: String): Dataset[Long]\nfilter(f: Long => Boolean): Dataset[Long]"+mark),
	))
	bn.must("val trips = spark.range(3)")
	for _, c := range []struct{ code, want string }{
		{"tri|ps", "trips: org.apache.spark.sql.Dataset[Long]"},
		{"nobo|dy; val nobody = 1", "val nobody = 1"},
		{"trips.fil|ter(_ > 1)", "filter(f: Long => Boolean)"},
	} {
		bn.bridge.cells.Learn(livy.KindSpark, "val nobody = 1")
		if text, markdown := inspected(t, bn.bridge, c.code, 0); !strings.Contains(text, c.want) || !strings.HasPrefix(markdown, "```scala\n") {
			t.Errorf("%q: %q, %q", c.code, text, markdown)
		}
	}
	for _, ran := range bn.engine.Ran()[1:] {
		if ran.Kind != livy.KindSpark || !strings.Contains(ran.Code, "def typed[T](x: => T)") {
			t.Errorf("asked %s: %s", ran.Kind, ran.Code)
		}
	}
}

// TestCompleteWithinQuotes: the columns of a frame and the keys of a dictionary,
// those alone that the text may hold.
func TestCompleteWithinQuotes(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	onQuestion(bn.bridge, bn.engine, livytest.Text(bn.bridge.mark+`{"names":["fare","fare class","it's","day"]}`+bn.bridge.mark))
	bn.must("df = 1")
	for code, want := range map[string][]string{"df['fa|": {"fare", "fare class"}, "df['|": {"day", "fare", "fare class"}} {
		text, cursor := atBar(code)
		got, err := bn.bridge.Complete(t.Context(), text, cursor)
		if err != nil {
			t.Fatal(err)
		}
		if slices.Sort(got.Matches); !slices.Equal(got.Matches, want) {
			t.Errorf("%q: %q, want %q", code, got.Matches, want)
		}
	}
}
