// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
)

func TestStatementOf(t *testing.T) {
	for name, c := range map[string]struct {
		code, language string
		kind           livy.Kind
		want           string
	}{
		"kernel's own":            {"x = 1", "", livy.KindPySpark, "x = 1"},
		"language of VS Code":     {"select 1", "sql", livy.KindSQL, "select 1"},
		"unknown language":        {"x = 1", "html", livy.KindPySpark, "x = 1"},
		"magic beats language":    {"%%spark\nval x = 1", "sql", livy.KindSpark, "\nval x = 1"},
		"scala":                   {"%%scala\nval x = 1", "", livy.KindSpark, "\nval x = 1"},
		"sparkr":                  {"%%sparkr\nx <- 1", "", livy.KindSparkR, "\nx <- 1"},
		"line numbers kept":       {"\n  \n%%sql  \nselect\n1", "", livy.KindSQL, "\n\n\nselect\n1"},
		"carriage returns":        {"%%sql\r\nselect 1", "", livy.KindSQL, "\nselect 1"},
		"code on the magic line":  {"%%sql select 1\nfrom t", "", livy.KindSQL, "select 1\nfrom t"},
		"no body":                 {"%%sql", "", livy.KindSQL, ""},
		"percent within the code": {"x = 7\n%%sql", "", livy.KindPySpark, "x = 7\n%%sql"},
		"Livy's own magic":        {"%json x", "", livy.KindPySpark, "%json x"},
	} {
		t.Run(name, func(t *testing.T) {
			b := New(Options{})
			kind, code, err := b.statementOf(kernel.Cell{Code: c.code, LanguageID: c.language})
			if err != nil || kind != c.kind || code != c.want {
				t.Errorf("got %s %q, %v; want %s %q", kind, code, err, c.kind, c.want)
			}
		})
	}
}

// TestMagicAdvice answers every magic that is none of ours in one sentence, and
// never with a statement: the bridge has no server here.
func TestMagicAdvice(t *testing.T) {
	for code, want := range map[string]string{
		"%%sqll\nselect 1":   "did you mean %%sql?",
		"%%pyspakr\n1":       "did you mean %%pyspark",
		"%%nothing\n1":       "%%help lists",
		"%sql select 1":      "use %%sql",
		"%spark add -s a":    "use %%info, %%logs, %%session and %%configure",
		"%%sql -c true\nx":   "keep the types that Spark gives them",
		"%spark":             "use %%spark",
		"%%local\nx":         "there is no local Python",
		"%%send_to_spark -i": "a cell of its own",
		"%manage_spark":      "use %%info",
		"%%pretty\ndf":       "display(df)",
		"%%display\ndf":      "use display(df)",
		"%%html\n<b>":        "use displayHTML",
		"!ls -l":             "!ls -l is not a magic of this kernel: no shell runs here",
		"%matplotlib qt":     "figures are shown inline",
		"%pip install x":     "%%configure",
		"%timeit f()":        "timeit module",
		"%%sql -x 3\nx":      "there is no option -x",
		"%%sql -o 3\nx":      "needs the name of a variable",
		"%%sql -n 0\nx":      "how many rows are shown",
		"%%sql -r 2\nx":      "above 0 and up to 1",
		"%%sql -m all\nx":    "take or sample",
		"%%spark -o df\nx":   "does not take -o df",
		"%ls":                "os.listdir",
		"%run other.ipynb":   "cannot be included",
		"%debug":             "%tb shows",
		"%tb all":            "does not take all",
		"%%info\nprint(1)":   "takes no code",
		"%%session attach":   "needs the id",
		"%%session stop 3":   "does not take 3",
		"%%session keep":     "not told the name",
		"%%session restart":  "not restart",
		"x = 1\n%table":      "%table needs the name",
		"%json  ":            "%json needs the name",
	} {
		t.Run(code, func(t *testing.T) {
			err := New(Options{}).Execute(t.Context(), kernel.Cell{Code: code, StoreHistory: true}, &recorder{})
			if got := cellError(t, err); got.EName != "UnknownMagic" || !strings.Contains(got.EValue, want) {
				t.Errorf("got %s, want %q in it", got, want)
			}
		})
	}
}

// TestHarmlessMagics takes what notebooks begin with elsewhere for what it is:
// nothing, with the lines of the cell where they were.
func TestHarmlessMagics(t *testing.T) {
	for code, want := range map[string]string{
		"%matplotlib inline":                                         "",
		"%matplotlib inline\nimport x":                               "\nimport x",
		"%load_ext autoreload\n%autoreload 2\n\nx = 1":               "\n\n\nx = 1",
		"%config InlineBackend.figure_format = 'retina'\nplt.show()": "\nplt.show()",
		"x = 1\n%matplotlib inline":                                  "x = 1\n%matplotlib inline",
		"%matplotlib qt\nx":                                          "%matplotlib qt\nx",
	} {
		if got := withoutHarmless(code); got != want {
			t.Errorf("%q: got %q, want %q", code, got, want)
		}
	}
}

// TestHelpFitsOnAScreen keeps the help to what a notebook shows without
// scrolling sideways, and a terminal without scrolling.
func TestHelpFitsOnAScreen(t *testing.T) {
	lines := strings.Split(helpText(), "\n")
	if len(lines) > 24 {
		t.Errorf("%d lines", len(lines))
	}
	for _, line := range lines {
		if len(line) > 120 {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
}

func TestHelp(t *testing.T) {
	for _, code := range []string{"%%help", "%help", "%lsmagic"} {
		r := &recorder{}
		if err := New(Options{}).Execute(t.Context(), kernel.Cell{Code: code, StoreHistory: true}, r); err != nil {
			t.Fatal(err)
		}
		for _, d := range magicDocs {
			if !strings.Contains(r.stdout(), d.usage) {
				t.Errorf("%s does not name %s", code, d.usage)
			}
		}
	}
}

func FuzzSplitMagic(f *testing.F) {
	for _, seed := range []string{"%%sql\nselect 1", "\n\n%json x", "!ls", "%%", "%%sql\r\nx", " %%sql\nx", "% x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, code string) {
		m, body, ok := splitMagic(code)
		if !ok {
			if body != code || m != (magic{}) {
				t.Fatalf("no magic in %q, but %+v and %q", code, m, body)
			}
			return
		}
		if strings.Count(body, "\n") != strings.Count(code, "\n") && body != "" {
			t.Fatalf("line numbers of %q shift: %q", code, body)
		}
		if !strings.HasSuffix(code, strings.TrimLeft(body, "\n")) {
			t.Fatalf("body %q is not the end of %q", body, code)
		}
		adviseMagic(m)
		New(Options{}).IsComplete(code)
	})
}
