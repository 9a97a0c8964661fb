// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
)

func TestCompleteWithoutSession(t *testing.T) {
	for name, c := range map[string]struct {
		kind   livy.Kind
		code   string
		cursor int
		want   kernel.Completion
	}{
		"magic":            {livy.KindPySpark, "%%s", 3, kernel.Completion{Matches: []string{"%%spark", "%%scala", "%%sql", "%%sparkr", "%%session"}, End: 3}},
		"magic by percent": {livy.KindSQL, "\n%ls", 4, kernel.Completion{Matches: []string{"%lsmagic"}, Start: 1, End: 4}},
		"no magic later":   {livy.KindPySpark, "x\n%%q", 5, kernel.Completion{Start: 4, End: 5}},
		"option":           {livy.KindPySpark, "%%sql --", 8, kernel.Completion{Matches: []string{"--output", "--limit", "--quiet", "--samplemethod", "--samplefraction"}, Start: 6, End: 8}},
		"second option":    {livy.KindPySpark, "%%sql -o df --q", 15, kernel.Completion{Matches: []string{"--quiet"}, Start: 12, End: 15}},
		"SQL on the line":  {livy.KindPySpark, "%%sql sel", 9, kernel.Completion{Matches: []string{"select"}, Start: 6, End: 9}},
		"word":             {livy.KindPySpark, "%%session s", 11, kernel.Completion{Matches: []string{"share", "stop"}, Start: 10, End: 11}},
		"no second word":   {livy.KindPySpark, "%%session attach s", 18, kernel.Completion{Start: 17, End: 18}},
		"force":            {livy.KindPySpark, "%%configure -", 13, kernel.Completion{Matches: []string{"-f", "--force"}, Start: 12, End: 13}},
		"setting":          {livy.KindPySpark, "%%configure -f\n{\"conf\": {\"a\": \"b\"},\n \"driver", 44, kernel.Completion{Matches: []string{"driverCores", "driverMemory"}, Start: 38, End: 44}},
		"setting's value":  {livy.KindPySpark, "%%configure\n{\"queue\": \"d", 24, kernel.Completion{Start: 23, End: 24}},
		"conf is Spark's":  {livy.KindPySpark, "%%configure\n{\"conf\": {\"d", 24, kernel.Completion{Start: 23, End: 24}},
		"python":           {livy.KindPySpark, "é = whi", 7, kernel.Completion{Matches: []string{"while"}, Start: 4, End: 7}},
		"python member":    {livy.KindPySpark, "a.whi", 5, kernel.Completion{Start: 2, End: 5}},
		"sql lower":        {livy.KindSQL, "sel", 3, kernel.Completion{Matches: []string{"select"}, End: 3}},
		"sql upper":        {livy.KindSQL, "SEL", 3, kernel.Completion{Matches: []string{"SELECT"}, End: 3}},
		"sql by magic":     {livy.KindPySpark, "%%sql\nsel", 9, kernel.Completion{Matches: []string{"select"}, Start: 6, End: 9}},
		"scala":            {livy.KindSpark, "val x = impl", 12, kernel.Completion{Matches: []string{"implicit"}, Start: 8, End: 12}},
		"nothing typed":    {livy.KindPySpark, "", 0, kernel.Completion{}},
		"beyond the end":   {livy.KindPySpark, "whi", 99, kernel.Completion{Matches: []string{"while"}, End: 3}},
		"before the start": {livy.KindPySpark, "whi", -1, kernel.Completion{}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := New(Options{Kind: c.kind}).Complete(t.Context(), c.code, c.cursor)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestInspectMagic(t *testing.T) {
	b := New(Options{})
	for _, cursor := range []int{2, 5, 11} {
		data, err := b.Inspect(t.Context(), "%%configure -f", cursor, 0)
		if err != nil || data == nil {
			t.Errorf("cursor %d: %v, %v", cursor, data, err)
		}
	}
	for code, cursor := range map[string]int{"configure": 3, "x = 1\n%%sql": 9, "%%nosuch": 4, "": 0} {
		if data, err := b.Inspect(t.Context(), code, cursor, 1); err != nil || data != nil {
			t.Errorf("%q: %v, %v; want nothing", code, data, err)
		}
	}
}

func TestIsComplete(t *testing.T) {
	for name, c := range map[string]struct {
		kind livy.Kind
		code string
		want string
	}{
		"python":              {livy.KindPySpark, "x = 1", "complete"},
		"python block":        {livy.KindPySpark, "for i in x:", "incomplete"},
		"scala":               {livy.KindSpark, "def f = {", "incomplete"},
		"sql":                 {livy.KindSQL, "select 1", "incomplete"},
		"R is not known":      {livy.KindSparkR, "x <- (", "unknown"},
		"magic alone":         {livy.KindPySpark, "%%sql", "incomplete"},
		"magic with a body":   {livy.KindPySpark, "%%sql\nselect 1;", "complete"},
		"magic of the kernel": {livy.KindSpark, "%%info", "complete"},
		"json":                {livy.KindPySpark, "%json x", "complete"},
		"configure":           {livy.KindSQL, "%%configure\n{\"conf\": {", "incomplete"},
		"configure whole":     {livy.KindSQL, "%%configure -f\n{\"conf\": {}}", "complete"},
	} {
		if got := New(Options{Kind: c.kind}).IsComplete(c.code).Status; got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func FuzzComplete(f *testing.F) {
	f.Add("%%scala\nval é = spa", 19)
	f.Fuzz(func(t *testing.T, code string, cursor int) {
		for _, kind := range []livy.Kind{livy.KindPySpark, livy.KindSpark} {
			b := New(Options{Kind: kind})
			got, err := b.Complete(t.Context(), code, cursor)
			if n := utf8.RuneCountInString(code); err != nil || got.Start < 0 || got.End < got.Start || got.End > n {
				t.Fatalf("%q at %d: %+v, %v", code, cursor, got, err)
			}
			if _, err := b.Inspect(t.Context(), code, cursor, 0); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestLanguageNames keeps the plain names that clients match kernelspecs,
// lexers and exporters against.
func TestLanguageNames(t *testing.T) {
	for kind, want := range map[livy.Kind][3]string{
		livy.KindPySpark: {"python", ".py", "python"},
		livy.KindSpark:   {"scala", ".scala", "script"},
		livy.KindSQL:     {"sql", ".sql", "script"},
		livy.KindSparkR:  {"R", ".r", "script"},
		livy.KindShared:  {"python", ".py", "python"},
	} {
		l := New(Options{Kind: kind}).Info().Language
		if got := [3]string{l.Name, l.FileExtension, l.NbconvertExporter}; got != want || l.Version == "" {
			t.Errorf("%s: got %v, want %v", kind, got, want)
		}
	}
}
