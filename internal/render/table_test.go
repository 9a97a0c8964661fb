// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

// TestRow71TableLimits cuts what is too large, and says so.
func TestRow71TableLimits(t *testing.T) {
	one := func(text string) [][]Cell { return [][]Cell{{{Text: text}}} }
	wide := Table{Columns: make([]Column, 130), Rows: [][]Cell{make([]Cell, 130)}}
	long := Table{Columns: []Column{{Name: "a"}}, Rows: make([][]Cell, 5000)}
	for i := range long.Rows {
		long.Rows[i] = []Cell{{Text: "x"}}
	}
	heavy := Table{Columns: make([]Column, 100)}
	for range 900 {
		row := make([]Cell, 100)
		for i := range row {
			row[i].Text = strings.Repeat("y", 500)
		}
		heavy.Rows = append(heavy.Rows, row)
	}
	for name, c := range map[string]struct {
		table Table
		want  string
	}{
		"value of 1 MB": {Table{Columns: []Column{{Name: "a"}}, Rows: one(strings.Repeat("ž", 1<<20))}, "1 row × 1 column; 1 value cut to 1,000 characters"},
		"columns":       {wide, "1 row × 130 columns; the first 100 columns are shown"},
		"rows":          {long, "first 1,000 of 5,000 rows × 1 column"},
		"bytes":         {heavy, "first 20 of 900 rows × 100 columns"},
	} {
		t.Run(name, func(t *testing.T) {
			for kind, text := range map[string]string{"html": c.table.HTML(), "text": c.table.Text()} {
				if !strings.Contains(text, c.want) {
					t.Errorf("%s of %d bytes lacks %q, ends with %q", kind, len(text), c.want, text[max(0, len(text)-80):])
				}
				if len(text) > 2*maxTableBytes {
					t.Errorf("%s has %d bytes", kind, len(text))
				}
			}
		})
	}
}

var ownMarkup = regexp.MustCompile(`</?(table|thead|tbody|tr|th|td|p|em|br|small|div)( border="1" class="dataframe"| class="livy-table"| style="text-align: (left|right)")?( title="[^"<>]*")?>`)

// TestTableTellsItsSize holds the sentence below a table of which more is known
// than it shows.
func TestTableTellsItsSize(t *testing.T) {
	table := func(rows, total int, more bool) Table {
		return Table{Columns: []Column{{Name: "a", Type: "long"}}, Rows: make([][]Cell, rows), Total: total, More: more}
	}
	for want, c := range map[string]Table{
		"2 rows × 1 column":                              table(2, 0, false),
		"first 2 of 1,234,567 rows × 1 column":           table(2, 1234567, false),
		"first 2 rows × 1 column; there are more":        table(2, 0, true),
		"first 1,000 of more than 1,200 rows × 1 column": table(1200, 0, true),
		"first 1,000 of 1,200 rows × 1 column":           table(1200, 1200, false),
	} {
		if text := c.Text(); !strings.HasSuffix(text, "\n"+want) {
			t.Errorf("ends with %q, want %q", text[max(0, len(text)-80):], want)
		}
	}
}

// TestTimesTellTheirZone says in which time zone timestamps without one are.
func TestTimesTellTheirZone(t *testing.T) {
	table, ok := Rows(json.RawMessage(`{"schema":{"type":"struct","fields":[{"name":"t","type":"timestamp"}]},` +
		`"data":[["2022-08-01 12:30:00"]],"more":false,"zone":"Europe/Paris\u001b]0;x\u0007"}`))
	if want := "1 row × 1 column; times in Europe/Paris\\u001b]0;x\\u0007"; !ok || !strings.HasSuffix(table.Text(), want) || !strings.Contains(table.HTML(), want) {
		t.Errorf("got %q", table.Text())
	}
}

// TestTypesAreSpelledOut names what a column holds, what is nested too.
func TestTypesAreSpelledOut(t *testing.T) {
	for raw, want := range map[string]string{
		`"decimal(38,18)"`: "decimal(38,18)",
		`{"type":"array","elementType":"long","containsNull":true}`:                                                                            "array<long>",
		`{"type":"map","keyType":"string","valueType":{"type":"array","elementType":"date"}}`:                                                  "map<string,array<date>>",
		`{"type":"struct","fields":[{"name":"x","type":"double"},{"name":"y","type":"binary"}]}`:                                               "struct<x:double,y:binary>",
		`{"type":"array","elementType":{"type":"array","elementType":{"type":"array","elementType":{"type":"array","elementType":"string"}}}}`: "array<array<array<array>>>",
		`{"type":"udt","class":"org.apache.spark.ml.linalg.VectorUDT"}`:                                                                        "udt",
		`{"type":"struct","fields":[{"name":"` + strings.Repeat("n", 100) + `","type":"long"}]}`:                                               "struct<" + strings.Repeat("n", 73) + "…",
		`7`: "",
	} {
		if c := newColumn("a", json.RawMessage(raw)); c.Type != want {
			t.Errorf("%s: got %q, want %q", raw, c.Type, want)
		}
	}
}

// TestFloatsOf32Bits shows the digits that a float has, not those that it gets as
// one of 64 bits, and a double with all of its own.
func TestFloatsOf32Bits(t *testing.T) {
	for raw, want := range map[string]string{
		"1.100000023841858": "1.1", "3.4028234663852886E38": "3.4028235e+38", "0.5": "0.5", "16777216.0": "16777216.0",
		"1.1000000000000001": "1.1000000000000001", `"NaN"`: "NaN", `"1.100000023841858"`: "1.100000023841858", "[1]": "[1]",
	} {
		if got := floatCell(json.RawMessage(raw)); got.Text != want {
			t.Errorf("%s: got %s, want %s", raw, got.Text, want)
		}
	}
}

// TestNullsThatMayBeNaN tells what Livy's SQL does not, or says that it does not.
func TestNullsThatMayBeNaN(t *testing.T) {
	for field, want := range map[string]string{
		`"type":"double","nullable":false`: "| NaN|",
		`"type":"float","nullable":true`:   "a NULL of type float may be NaN",
		`"type":"long","nullable":true`:    "1 row × 1 column",
		`"type":"double"`:                  "1 row × 1 column", // who sends it tells NaN
	} {
		table, _ := sqlResult(json.RawMessage(`{"schema":{"type":"struct","fields":[{"name":"abcd",` + field + `}]},"data":[[null]]}`))
		if text := table.Text(); !strings.Contains(text, want) || want != "| NaN|" && !strings.Contains(text, "|NULL|") {
			t.Errorf("%s:\n%s", field, text)
		}
	}
	if table, _ := sqlResult(json.RawMessage(`{"schema":{"type":"struct","fields":[{"name":"a","type":"double","nullable":true}]},"data":[[null]],"nan":true}`)); strings.Contains(table.Text(), "NaN") {
		t.Errorf("a result that tells NaN:\n%s", table.Text())
	}
}

// TestLongValueAtHand cuts a long value in its cell, and holds the whole of it
// in the title.
func TestLongValueAtHand(t *testing.T) {
	long := strings.Repeat("a\n\"<b>", 50)
	markup := Table{Columns: []Column{{Name: "a"}}, Rows: [][]Cell{{{Text: long}}}}.HTML()
	if want := `title="` + strings.Repeat("a&#10;&#34;&lt;b&gt;", 50) + `"`; !strings.Contains(markup, want) {
		t.Errorf("no %s in\n%s", want, markup)
	}
	if n := strings.Count(markup, "<br>"); n >= 50 {
		t.Errorf("the cell holds %d lines of 50", n)
	}
}

// TestDataResourceIsExact declares as numbers only what a viewer, which reads
// them as doubles, shows as it is.
func TestDataResourceIsExact(t *testing.T) {
	cell := func(text string) Cell { return Cell{Text: text, Null: text == ""} }
	for name, c := range map[string]struct {
		columnType string
		values     []string
		want       string
	}{
		"integers":        {"long", []string{"1", "", "-9007199254740991"}, `"type":"integer"}]},"data":[{"a":1},{"a":null},{"a":-9007199254740991}]}`},
		"beyond 2^53":     {"long", []string{"1", "9007199254740993"}, `"type":"string"}]},"data":[{"a":"1"},{"a":"9007199254740993"}]}`},
		"doubles":         {"double", []string{"1.5", "1E300"}, `"type":"number"}]},"data":[{"a":1.5},{"a":1E300}]}`},
		"NaN":             {"double", []string{"NaN", "-Infinity"}, `"type":"string"}]},"data":[{"a":"NaN"},{"a":"-Infinity"}]}`},
		"decimals":        {"decimal(38,18)", []string{"1.000000000000000001"}, `"type":"string"}]},"data":[{"a":"1.000000000000000001"}]}`},
		"booleans":        {"boolean", []string{"true"}, `"type":"boolean"}]},"data":[{"a":true}]}`},
		"a false promise": {"boolean", []string{"\""}, `"type":"string"}]},"data":[{"a":"\""}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			table := Table{Columns: []Column{{Name: "a", Type: c.columnType}}}
			for _, v := range c.values {
				table.Rows = append(table.Rows, []Cell{cell(v)})
			}
			if got := string(table.Bundle()[mimeDataResource]); !strings.HasSuffix(got, c.want) {
				t.Errorf("got %s, want at its end %s", got, c.want)
			}
		})
	}
}

// TestWideCharactersAlign keeps the rules of a table in line whatever the plane
// of its characters.
func TestWideCharactersAlign(t *testing.T) {
	table := Table{Columns: []Column{{Name: "名前"}, {Name: "x"}}}
	for _, text := range []string{"a", "日本語", "👍🏽", "e\u0301", "한국", "𠀀"} {
		table.Rows = append(table.Rows, []Cell{{Text: text}, {Text: "1"}})
	}
	lines := strings.Split(strings.TrimSuffix(table.Text(), "\n"), "\n")
	for _, line := range lines {
		if width(line) != width(lines[0]) {
			t.Errorf("%q takes %d columns, the rule %d", line, width(line), width(lines[0]))
		}
	}
}

// FuzzTable checks that whatever an interpreter sends, its table holds no
// markup but our own and no control character.
func FuzzTable(f *testing.F) {
	f.Add([]byte(`{"schema":{"type":"struct","fields":[{"name":"<b>","type":"long"}]},"data":[[9007199254740993],["</td><script>"],[null],[{"schema":[{"name":"x"}],"values":[1]}]]}`), false)
	f.Add([]byte(`{"headers":[{"name":"0","type":"INT_TYPE"}],"data":[[1,"a\u001b]0;x\u0007"]]}`), true)
	f.Fuzz(func(t *testing.T, raw []byte, livyMagic bool) {
		table, ok := sqlResult(raw)
		if livyMagic {
			table, ok = livyTable(raw)
		}
		if !ok {
			return
		}
		if rest := ownMarkup.ReplaceAllString(strings.TrimPrefix(table.HTML(), style), ""); strings.ContainsAny(rest, "<>\"\x1b\x00\u202e") {
			t.Fatalf("markup or controls left: %q", rest)
		}
		text := table.Text()
		if strings.ContainsAny(text, "\x1b\x00\r\u202e") {
			t.Fatalf("controls left: %q", text)
		}
		if got, want := strings.Count(text, "\n"), min(len(table.Rows), maxTableRows)+4; got > want {
			t.Fatalf("%d lines for %d rows", got, len(table.Rows))
		}
		for mime, data := range table.Bundle() {
			if !json.Valid(data) {
				t.Fatalf("%s is not valid JSON", mime)
			}
		}
	})
}

// Nested values show their letters, whichever way the encoder wrote them.
func TestNestedLetters(t *testing.T) {
	for raw, want := range map[string]string{
		`{"y":"\u00e9\ud83d\ude00"}`: `{"y":"é😀"}`,
		`["\\u00e9", "\u00e9"]`:      `["\\u00e9","é"]`,
		`["\u0007","\u009b","\n"]`:   `["\u0007","\u009b","\n"]`, // controls stay harmless
		`["\ud83d"]`:                 `["\ud83d"]`,
	} {
		if got := newCell(json.RawMessage(raw)); got.Text != want {
			t.Errorf("%s: %s, want %s", raw, got.Text, want)
		}
	}
}
