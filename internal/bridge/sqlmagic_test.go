// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

func TestSQLOptions(t *testing.T) {
	for args, want := range map[string]sqlOptions{
		"-o df":                  {name: "df", rows: 1000, fraction: 1},
		"--output=df -n 20 -q":   {name: "df", rows: 20, quiet: true, fraction: 1},
		"-m sample":              {rows: 1000, fraction: 0.1},
		"-m sample -r 0.5 -n 5":  {rows: 5, fraction: 0.5},
		"--limit 7\t--quiet":     {rows: 7, quiet: true, fraction: 1},
		"-m take --maxrows=1000": {rows: 1000, fraction: 1},
	} {
		got, rest, err := parseSQLOptions(args + " select 1 -n")
		if err != nil || rest != "select 1 -n" {
			t.Errorf("%s: rest %q, %v", args, rest, err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(sqlOptions{})); diff != "" {
			t.Errorf("%s: %s", args, diff)
		}
	}
}

// TestSQLProgram hands the query over whole, whatever is in it, and shows what
// comes back as a table.
func TestSQLProgram(t *testing.T) {
	bn, frame := displayBench(t)
	query := "\nselect '''日本👍\\n\"' -- ☃\nfrom t"
	code := "%%sql -o df -n 2" + query
	b := New(Options{})
	kind, program, err := b.statementOf(kernel.Cell{Code: code})
	if err != nil || kind != livy.KindPySpark {
		t.Fatalf("kind %s, %v", kind, err)
	}
	if got, ok := queryOf(program); !ok || got != query {
		t.Errorf("got %q, want %q", got, query)
	}
	if strings.ContainsFunc(strings.SplitN(program, "\n", 2)[0], func(r rune) bool { return r > 0x7e }) {
		t.Error("the query is not sent in ASCII")
	}
	bn.engine.On(program, livytest.Text("df is a Spark DataFrame\n"+frame(`{"type":"execute_result","data":{"`+tableType+
		`":{"schema":{"type":"struct","fields":[{"name":"a","type":"double"}]},"data":[["NaN"],[1.5]],"more":true}}}`)))
	r := bn.must(code)
	if r.stdout() != "df is a Spark DataFrame\n" || len(r.results) != 1 || !strings.Contains(textOf(r.results[0]), "first 2 rows × 1 column; there are more") {
		t.Errorf("shown %v", r.results)
	}
}

func FuzzSQLOptions(f *testing.F) {
	f.Add("-o df -n 3 select 1")
	f.Add("-q -r=0.5 -m sample")
	f.Fuzz(func(t *testing.T, args string) {
		o, rest, err := parseSQLOptions(args)
		if err != nil {
			return
		}
		if !strings.HasSuffix(args, rest) || o.rows < 1 || o.rows > maxSQLRows || !(o.fraction > 0 && o.fraction <= 1) {
			t.Fatalf("%q: %+v, %q", args, o, rest)
		}
		if query, ok := queryOf(o.program(rest)); !ok || query != rest {
			t.Fatalf("%q became %q", rest, query)
		}
	})
}
