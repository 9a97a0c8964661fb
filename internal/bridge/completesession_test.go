// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// table is a result of Livy's SQL.
func table(rows ...[]string) livytest.Behaviour {
	cells, err := json.Marshal(rows)
	if err != nil {
		panic(err) // strings can be encoded
	}
	return livytest.Data(map[string]json.RawMessage{"application/json": []byte(`{"schema":{"type":"struct","fields":[]},"data":` + string(cells) + `}`)})
}

// sqlBench is a session whose SQL has been used and knows two tables.
func sqlBench(t *testing.T) *bench {
	t.Helper()
	bn := newBench(t, livy.KindSQL)
	bn.engine.On("select 1", livytest.Text(""))
	bn.engine.On("SHOW TABLES", table([]string{"default", "trips", "false"}, []string{"", "odd name", "true"}))
	bn.engine.On("SHOW TABLES IN `lake`.`taxi`", table([]string{"taxi", "zones", "false"}))
	bn.engine.On("DESCRIBE TABLE `trips`", table(
		[]string{"fare_amount", "double", "what was paid"}, []string{"from zone", "int", ""}, []string{"# Partition Information", "", ""}, []string{"fare_day", "date", ""}))
	bn.engine.On("DESCRIBE TABLE `lake`.`taxi`.`zones`", table([]string{"zone_id", "int", ""}))
	bn.must("select 1")
	return bn
}

// TestCompleteSQL: tables where one is wanted, columns of the tables that the
// statement names elsewhere.
func TestCompleteSQL(t *testing.T) {
	bn := sqlBench(t)
	for code, want := range map[string][]string{
		"select * from tr|":                             {"trips"},
		"select * from |":                               {"`odd name`", "trips"},
		"select * from lake.taxi.|":                     {"zones"},
		"select fare_a| from trips":                     {"fare_amount"},
		"select t.f| from trips t":                      {"`from zone`", "fare_amount"},
		"select trips.fare_| from trips":                {"fare_amount"},
		"select z.| from trips t, lake.taxi.zones as z": {"zone_id"},
		"select nobody.fa| from trips":                  nil,
		"select '🦀', e\u0301, t.fare_a| from trips t":   {"fare_amount"},
		"select 'fare_a|' from trips":                   nil,
		"select 1 -- from tr|":                          nil,
	} {
		bn.completes(code, want)
	}
}

// TestInspectSQL: the columns of a table with their types, and what a function
// does.
func TestInspectSQL(t *testing.T) {
	bn := sqlBench(t)
	bn.engine.On("DESCRIBE FUNCTION `explode`", table([]string{"Function: explode"}, []string{"Usage: explode(expr) - one row an element."}))
	bn.engine.On("DESCRIBE TABLE EXTENDED `trips`", table([]string{"fare_amount", "double", ""}, []string{"", "", ""}, []string{"Provider", "parquet", ""}))
	for _, c := range []struct {
		code   string
		detail int
		want   []string
	}{
		{"select * from tri|ps", 0, []string{"fare_amount  double", "from zone    int"}},
		{"select * from tri|ps", 1, []string{"Provider", "parquet"}},
		{"select expl|ode(x) from trips", 0, []string{"Usage: explode(expr)"}},
	} {
		text, cursor := atBar(c.code)
		found, err := bn.bridge.Inspect(t.Context(), text, cursor, c.detail)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if got := textOf(found); !strings.Contains(got, want) {
				t.Errorf("%q: %q, want %q", c.code, got, want)
			}
		}
	}
}

// TestCompleteScala: Livy's own completion comes first, then the words of the
// notebook. It is asked in the place of the cursor within the whole cell.
func TestCompleteScala(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.engine.Otherwise(livytest.Text(""))
	bn.engine.OnComplete(func(kind livy.Kind, code string, cursor int) []string {
		if kind != livy.KindSpark || !strings.HasSuffix(string([]rune(code)[:cursor]), "trips.fil") {
			return nil
		}
		return []string{"filter", "filter", "\x1b[31mfilterNot"}
	})
	bn.must("%%spark\nval filled = 1")
	for code, want := range map[string][]string{
		"%%spark\n\"🦀\"; trips.fil|": {"filter", "filterNot"},
		"%%spark\nfil|":              {"filled"},
	} {
		got := bn.completes(code, want)
		text, cursor := atBar(code)
		if got.End != cursor || string([]rune(text)[got.Start:got.End]) != "fil" {
			t.Errorf("%q: from %d to %d", code, got.Start, got.End)
		}
	}
}

// completes checks what is proposed where code has a bar.
func (bn *bench) completes(code string, want []string) kernel.Completion {
	bn.t.Helper()
	text, cursor := atBar(code)
	got, err := bn.bridge.Complete(bn.t.Context(), text, cursor)
	if err != nil {
		bn.t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.Matches); diff != "" {
		bn.t.Errorf("%q (-want +got):\n%s", code, diff)
	}
	return got
}

// atBar returns code without its bar, and where that stood, in code points.
func atBar(code string) (text string, cursor int) {
	before, after, _ := strings.Cut(code, "|")
	return before + after, len([]rune(before))
}
