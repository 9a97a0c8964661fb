// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/complete"
)

// pythonNames returns what asks an interpreter about the names of testdata/names.py.
// At the test's end nothing of them has been called, and no name been left.
func pythonNames(t *testing.T) func(r pythonRequest) pythonAnswer {
	t.Helper()
	run := interpreter(t, "keeps")
	names, err := os.ReadFile("testdata/names.py")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{string(names), "known = set(globals()) | {'known'}"} {
		if r := run(code); r.EName != "" || r.Text != "" {
			t.Fatalf("%+v", r)
		}
	}
	t.Cleanup(func() {
		if r := run("print(touched, set(globals()) - known)"); r.Text != "[] set()" {
			t.Errorf("touched, and left: %s", r.Text)
		}
	})
	return func(r pythonRequest) pythonAnswer {
		q, err := r.statement("MARK")
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(run(q.Code).Text, "MARK")
		text, _, _ := strings.Cut(rest, "MARK")
		var answer pythonAnswer
		if err := json.Unmarshal([]byte(text), &answer); err != nil {
			t.Fatalf("%+v: %v: %q", r, err, text)
		}
		return answer
	}
}

// before is the expression that the code at the bar is a member of.
func before(t *testing.T, code string) complete.Expr {
	t.Helper()
	text, cursor := atBar(code)
	p := complete.PlaceIn(text, cursor)
	if p.Of == nil {
		t.Fatalf("%q: no place of a member", code)
	}
	return p.Of
}

// TestIntrospectionCompletes: the attributes of what an expression comes to,
// found without evaluating it.
func TestIntrospectionCompletes(t *testing.T) {
	ask := pythonNames(t)
	for code, want := range map[string]string{
		"df.|":                "filter groupBy columns",
		"df.filter(boom()).|": "filter fare_amount",
		"df.groupBy('day').|": "pivot",
		"df.fare_amount.|":    "isNotNull",
		"df['day'].|":         "isNotNull",
		"nosy.|":              "method limit costly",
		"Nosy.|":              "method limit",
		"Nosy().|":            "method",
		"text.|":              "upper",
		"'a'.|":               "upper",
		"[].|":                "append",
		"sys.|":               "path",
		"sys.path.|":          "append",
		"fare.|":              "__call__",
	} {
		got := ask(pythonRequest{Op: "complete", Of: before(t, code)})
		all := slices.Concat(got.Names, got.Columns)
		for word := range strings.FieldsSeq(want) {
			if !slices.Contains(all, word) {
				t.Errorf("%q: %s is not among %q", code, word, all)
			}
		}
	}
	for _, code := range []string{"nobody.|", "df.nothing.|", "fare(1).|", "nosy.method().|", "liar[0].|", "df.rdd.|"} {
		if got := ask(pythonRequest{Op: "complete", Of: before(t, code)}); len(got.Names)+len(got.Columns) != 0 {
			t.Errorf("%q: %q", code, got.Names)
		}
	}
}

// TestIntrospectionOfNames: the globals, a frame's columns and a dictionary's
// keys within quotes, and what a module exports.
func TestIntrospectionOfNames(t *testing.T) {
	ask := pythonNames(t)
	all := ask(pythonRequest{Op: "complete"}).Names
	for _, name := range []string{"df", "fare", "answer"} {
		if !slices.Contains(all, name) {
			t.Errorf("%s is not among %q", name, all)
		}
	}
	for code, want := range map[string][]string{
		"df['|":         {"fare_amount", "fare class", "day"},
		"prices[\"|":    {"small", "large"},
		"df.groupBy('|": {"fare_amount", "fare class", "day"},
		"nosy['|":       {},
	} {
		text, cursor := atBar(code)
		p := complete.PlaceIn(text, cursor)
		if got := ask(pythonRequest{Op: "complete", Strings: p.Strings}).Names; !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
	if got := ask(pythonRequest{Op: "complete", Module: "pyspark.sql"}).Names; !slices.Contains(got, "DataFrame") {
		t.Errorf("of a module: %q", got)
	}
	if got := ask(pythonRequest{Op: "complete", Module: "no.such"}).Names; len(got) != 0 {
		t.Errorf("of a module that is not imported: %q", got)
	}
}

// TestIntrospectionDescribes: type, value, signature and docstring, and of a
// frame its columns with their types.
func TestIntrospectionDescribes(t *testing.T) {
	ask := pythonNames(t)
	of := func(code string) complete.Expr {
		text, cursor := atBar(code)
		return complete.Subject(text, cursor)
	}
	for code, want := range map[string]pythonAnswer{
		"ans|wer":      {Type: "int", Value: "42"},
		"te|xt":        {Type: "str", Value: "'né'"},
		"ma|ny":        {Type: "list", Value: "1000 items"},
		"fa|re(1)":     {Type: "function", Signature: "fare(distance, *, per_km=2.0)", Doc: "What a ride costs."},
		"df.fil|ter":   {Type: "function", Signature: "DataFrame.filter(self, condition)", Doc: "Keeps the rows where condition holds.\n\nMore of it."},
		"DataFra|me":   {Type: "class", Signature: "DataFrame(*columns)", Doc: "Rows with columns."},
		"d|f":          {Type: "DataFrame", Doc: "Rows with columns.", Fields: [][2]string{{"fare_amount", "double"}, {"fare class", "double"}, {"day", "double"}}},
		"no|sy":        {Type: "Nosy"},
		"li|ar":        {Type: "Liar"},
		"nosy.met|hod": {Type: "function", Signature: "Nosy.method(self, *, deep=True)"},
		"no|body":      {},
		"nosy.cost|ly": {},
	} {
		got := ask(pythonRequest{Op: "inspect", Of: of(code)})
		if got.Type != want.Type || got.Value != want.Value || got.Signature != want.Signature || got.Doc != want.Doc || !slices.Equal(got.Fields, want.Fields) {
			t.Errorf("%q:\ngot  %+v\nwant %+v", code, got, want)
		}
	}
	if got := ask(pythonRequest{Op: "inspect", Of: of("no|sy"), Detail: 1}); got.Doc != "Notices." {
		t.Errorf("in detail: %+v", got)
	}
}
