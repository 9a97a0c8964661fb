// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package syntax

import (
	"strings"
	"testing"
)

func TestJoinChains(t *testing.T) {
	for code, want := range map[string]string{
		"spark.range(3)\n  .filter(x)\n  .show()":          "spark.range(3) .filter(x) .show()",
		"val a = b // why\n  // and more\n  .c\nval d = 1": "val a = b .c\nval d = 1",
		"a /* x */\n\n.b":               "a .b",
		"f(\n  a\n  .b\n)":              "f(\n  a\n  .b\n)",
		"a\n  .5":                       "a\n  .5",
		"a\n...":                        "a\n...",
		"\n.b":                          "\n.b",
		"\"\"\"a\n.b\"\"\"":             "\"\"\"a\n.b\"\"\"",
		"val s = \"a\"\n.b":             "val s = \"a\" .b",
		"// a\n.b":                      "// a\n.b",
		"a(')')\n.b":                    "a(')') .b",
		"val x = 1\nval y = 2 // end\n": "val x = 1\nval y = 2 // end\n",
		"é\n.b":                         "é .b",
	} {
		if got := JoinChains(code); got != want {
			t.Errorf("%q\ngot  %q\nwant %q", code, got, want)
		}
	}
}

func FuzzJoinChains(f *testing.F) {
	f.Add("a\n  .b // c\n  .d")
	f.Add("\"\"\"a\n.b\"\"\"\n.c")
	f.Fuzz(func(t *testing.T, code string) {
		joined := JoinChains(code)
		if strings.Count(joined, ".") > strings.Count(code, ".") || JoinChains(joined) != joined && !strings.ContainsAny(code, "/\"'") {
			t.Errorf("%q became %q", code, joined)
		}
	})
}
