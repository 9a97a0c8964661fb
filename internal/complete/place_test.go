// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package complete

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// at returns code without its bar, and where that stood, in code points.
func at(code string) (string, int) {
	before, after, _ := strings.Cut(code, "|")
	return before + after, utf8.RuneCountInString(before)
}

// notation writes an expression as one would, with nothing in its brackets.
func notation(e Expr) string {
	var out strings.Builder
	for _, step := range e {
		switch step.Op {
		case OpAttr:
			out.WriteString("." + step.Name)
		case OpCall:
			out.WriteString("()")
		case OpItem:
			out.WriteString("[]")
		case OpType:
			out.WriteString("<" + step.Name + ">")
		case OpName:
			out.WriteString(step.Name)
		}
	}
	return out.String()
}

func TestPlaceIn(t *testing.T) {
	for code, want := range map[string]Place{
		"|":                        {},
		"x = wh|ile":               {Prefix: "wh", Start: 4, End: 6},
		"df.|":                     {Member: true, Start: 3, End: 3},
		"😀 = 1; dé.fi|":            {Prefix: "fi", Member: true, Start: 10, End: 12},
		"e\u0301t = 1\ne\u0301|":   {Prefix: "e\u0301", Start: 8, End: 10},
		"𝒳 = '😀😀'; 𝒳.up|":          {Prefix: "up", Member: true, Start: 12, End: 14},
		"# df.|":                   {Nowhere: true, Start: 5, End: 5},
		"# df.\nx|":                {Prefix: "x", Start: 6, End: 7},
		"x = 12|":                  {Nowhere: true, Start: 6, End: 6},
		"x = 'a|":                  {Nowhere: true, Prefix: "a", Start: 5, End: 6},
		"from a.b import c, d|":    {Prefix: "d", Module: "a.b", Start: 19, End: 20},
		"from a import (\n  c,\n|": {Module: "a", Start: 21, End: 21},
		"import os.pa|":            {Prefix: "pa", Member: true, Start: 10, End: 12},
	} {
		text, cursor := at(code)
		got := PlaceIn(text, cursor)
		got.Of = nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", code, diff)
		}
	}
}

// TestBeforeTheDot takes what stands before the dot, whatever is around it.
func TestBeforeTheDot(t *testing.T) {
	for code, want := range map[string]string{
		"df.|":                                 "df",
		"a = df.groupBy('x', (1)).agg(f(1)).|": "df.groupBy().agg()",
		"print(df.a[1].|":                      "df.a[]",
		"(df\n  .filter(x)  # why\n  .sel|":    "df.filter()",
		"(df.x).|":                             "df.x",
		"(a + b).|":                            "",
		"'x'.|":                                "<str>",
		"f'{a}'.join(b).|":                     "<str>.join()",
		"[1, 2].|":                             "<list>",
		"if (df).|":                            "df",
		"return df.|":                          "df",
		"x = df. \\\n  y.|":                    "df.y",
		"1.|":                                  "",
		")).|":                                 "",
		"{1: 2}.|":                             "",
		"a.if.|":                               "a.if",
		"spark.read.option(\"a\", ')').csv('é').x|": "spark.read.option().csv()",
	} {
		text, cursor := at(code)
		if got := notation(PlaceIn(text, cursor).Of); got != want {
			t.Errorf("%q: got %q, want %q", code, got, want)
		}
	}
}

func TestWithinAString(t *testing.T) {
	for code, want := range map[string]string{
		`df["na|`:                             "na: df",
		`df.select('a', 'b|`:                  "b: df",
		`df.x().filter(F.col("|`:              ": F df.x()",
		`d["a"]['|`:                           ": d[]",
		`print("|`:                            "nowhere",
		`df["a|"]`:                            "a: df",
		`df["""a|`:                            "a: df",
		`df["a\n|`:                            "nowhere",
		`spark.sql(f"select {x} from |`:       "select {x} from : spark",
		`df.join(o, on=["é|`:                  "é: df",
		"df.agg({'a': 'sum', '|":              ": df",
		"x = 'unclosed\ndf.select('c|":        "c: df",
		"df.select(\"a\",\n    # \"\n    'b|": "b: df",
	} {
		text, cursor := at(code)
		p := PlaceIn(text, cursor)
		got := "nowhere"
		if !p.Nowhere {
			got = p.Prefix + ":"
			for _, e := range p.Strings {
				got += " " + notation(e)
			}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", code, got, want)
		}
	}
}

func TestSubject(t *testing.T) {
	for code, want := range map[string]string{
		"df.se|lect(1)":      "df.select",
		"|df.select(1)":      "df",
		"df.select(1, |)":    "df.select",
		"df.select(1, 'a|')": "df.select",
		"f(g(1), |":          "f",
		"x = 1 |+ 2":         "",
		"x.y|":               "x.y",
		"é.ñ|":               "é.ñ",
		"":                   "",
	} {
		text, cursor := at(code)
		if got := notation(Subject(text, cursor)); got != want {
			t.Errorf("%q: got %q, want %q", code, got, want)
		}
	}
}

// FuzzPlaces looks at every language with any cursor: places lie in the code,
// and the prefix is what stands there.
func FuzzPlaces(f *testing.F) {
	for _, code := range []string{"df.a[1].b('|')", "from a import (b", "select `a from 'x", "val (a, b) = 1 // {", "'''", "x = 😀é\u0301.", "((((", "/* `"} {
		f.Add(code, len(code))
	}
	f.Fuzz(func(t *testing.T, code string, cursor int) {
		n := NewNotebook()
		n.python.learnPython(code)
		n.scala.learnScala(code)
		n.tables.learnSQL(code)
		n.tables.learnViews(code)
		runes := []rune(code)
		cursor = max(0, min(cursor, len(runes)))
		p, q := PlaceIn(code, cursor), SQLPlaceIn(code, cursor)
		for _, place := range []struct {
			prefix     string
			start, end int
		}{{p.Prefix, p.Start, p.End}, {q.Prefix, q.Start, q.End}} {
			if place.start < 0 || place.end != cursor || place.start > place.end {
				t.Fatalf("%q at %d: %+v", code, cursor, place)
			}
			if utf8.ValidString(code) && string(runes[place.start:place.end]) != place.prefix {
				t.Fatalf("%q at %d: %+v", code, cursor, place)
			}
		}
		n.Python(code, p)
		n.Scala(code, p.Prefix)
		n.SQL(q)
		n.DescribePython(code, Subject(code, cursor))
		SubjectSQL(code, cursor)
		SubjectScala(code, cursor)
	})
}
