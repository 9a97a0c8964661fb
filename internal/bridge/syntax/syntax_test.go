// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package syntax

import (
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel"
)

func TestCompleteness(t *testing.T) {
	type cases map[string]kernel.Completeness
	for name, c := range map[string]struct {
		scan  func(string) kernel.Completeness
		cases cases
	}{
		"python": {Python, cases{
			"":                              complete(),
			"1+1":                           complete(),
			"x = 'a # b'  # c: (":           complete(),
			"for i in range(3):":            incomplete("    "),
			"for i in range(3):  # why":     incomplete("    "),
			"if x:\n    y()":                incomplete("    "),
			"if x:\n    y()\n":              complete(),
			"if x:\n    if y:":              incomplete("        "),
			"def f():\n    return 1":        incomplete(""),
			"@decorate":                     incomplete(""),
			"@decorate(\n    1)":            incomplete(""),
			"print(1,":                      incomplete("    "),
			"if x:\n    f([1,":              incomplete("        "),
			"x = {'a': 1}":                  complete(),
			"x = '''abc":                    incomplete(""),
			"x = '''a'b''' + \"\"\"c\"\"\"": complete(),
			"x = 1 + \\\n":                  incomplete("    "),
			"x = 1 + \\":                    incomplete("    "),
			"x = 'abc":                      invalid(),
			`x = r'a\' '`:                   complete(),
			"x = (1]":                       invalid(),
			")":                             invalid(),
			"def f(a:\n  int):":             incomplete("    "),
			"é = 'ž'":                       complete(),
		}},
		"scala": {Scala, cases{
			"":                         complete(),
			"val x = 1":                complete(),
			"def f(x: Int) = {":        incomplete("  "),
			"def f(x: Int) =":          incomplete("  "),
			"list.map(x =>":            incomplete("  "),
			"spark.range(3).":          incomplete("  "),
			"spark.range(3).\n\n":      complete(),
			"class A extends":          incomplete("  "),
			"\"\"\"raw \\":             incomplete(""),
			"\"\"\"a\"b\"\"\"":         complete(),
			`val s = "a{b"`:            complete(),
			`val s = "abc`:             invalid(),
			"/* a /* b */":             incomplete(""),
			"/* a /* b */ */ val x":    complete(),
			"// {":                     complete(),
			"val c = '{'":              complete(),
			`val c = '\''`:             complete(),
			`val c = '\u007b'`:         complete(),
			"val s = 'symbol":          complete(),
			"f(1))":                    invalid(),
			"x match { case 1 => \"\"": incomplete("  "),
		}},
		"sql": {SQL, cases{
			"":                           complete(),
			"select 1":                   incomplete(""),
			"select 1;":                  complete(),
			"select 1; -- done":          complete(),
			"select 1\n":                 complete(),
			"select 1\nfrom t":           incomplete(""),
			"select ';":                  incomplete(""),
			"select 'it''s'\n":           complete(),
			`select 'a\'b';`:             complete(),
			"select `a;":                 incomplete(""),
			"/* select":                  incomplete(""),
			"select count(\n":            incomplete("  "),
			"select 1)":                  invalid(),
			"-- only a comment":          complete(),
			"select \"a -- b\" from t;":  complete(),
			"select 1 /* a */ from t ; ": complete(),
		}},
	} {
		t.Run(name, func(t *testing.T) {
			for code, want := range c.cases {
				if got := c.scan(code); got != want {
					t.Errorf("%q: got %+v, want %+v", code, got, want)
				}
			}
		})
	}
}

func FuzzScanners(f *testing.F) {
	for _, seed := range []string{"", "f('''", "x = {\n 'a': [", "/* /* */", "'\\", "\\", "\"\"\"", "--\n'", "''''"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, code string) {
		for _, scan := range []func(string) kernel.Completeness{Python, Scala, SQL} {
			got := scan(code)
			switch got.Status {
			case "complete", "invalid":
				if got.Indent != "" {
					t.Fatalf("%q: %s with an indent", code, got.Status)
				}
			case "incomplete":
			default:
				t.Fatalf("%q: status %q", code, got.Status)
			}
		}
	})
}
