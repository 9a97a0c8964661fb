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
		"value of 1 MB": {Table{Columns: []Column{{Name: "a"}}, Rows: one(strings.Repeat("ž", 1<<20))}, "1 row; 1 value cut to 1000 characters"},
		"columns":       {wide, "1 row; 100 of 130 columns are shown"},
		"rows":          {long, "5000 rows; the first 1000 are shown"},
		"bytes":         {heavy, "900 rows; the first 20 are shown"},
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

var ownMarkup = regexp.MustCompile(`</?(table|thead|tbody|tr|th|td|p|em|br)( border="1" class="dataframe"| style="text-align: (left|right)")?>`)

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
		if rest := ownMarkup.ReplaceAllString(table.HTML(), ""); strings.ContainsAny(rest, "<>\"\x1b\x00\u202e") {
			t.Fatalf("markup or controls left: %q", rest)
		}
		text := table.Text()
		if strings.ContainsAny(text, "\x1b\x00\r\u202e") {
			t.Fatalf("controls left: %q", text)
		}
		if got, want := strings.Count(text, "\n"), min(len(table.Rows), maxTableRows)+4; got > want {
			t.Fatalf("%d lines for %d rows", got, len(table.Rows))
		}
		if !json.Valid(jsonString(text)) {
			t.Fatal("not valid JSON")
		}
	})
}
