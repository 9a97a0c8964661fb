// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// testPrinted: what a statement prints is told while it runs. Each of these
// goes on only when its first text has been told.
func (s *session) testPrinted(t *testing.T) {
	for _, c := range []struct {
		name   string
		kind   livy.Kind
		code   string
		told   string // in all
		output string
	}{
		{"Python", "pyspark", "print('a é')\nWAIT\nprint('b', end='')", "a é\nb", "a é\nb"},
		{"Python's two streams", "pyspark", "import sys\nprint('a')\nWAIT\nprint('e', file=sys.stderr)\nprint('b')", "a\ne\nb\n", "a\nb\ne"},
		{"Python's error", "pyspark", "print('a')\nWAIT\n1/0", "a\n", "ZeroDivisionError: division by zero"},
		{"Scala", "spark", "println(\"a é\")\nval n = 1\nWAIT\nprintln(\"b\")", "a é\nn: Int = 1\nb\n", "a é\nn: Int = 1\nb\n"},
		{"Scala in one statement", "spark", "{ println(\"a\"); WAIT; println(\"b\") }", "a\nb\n", "a\nb\n"},
		{"Scala's error", "spark", "{ println(\"a\"); WAIT; sys.error(\"no\") }", "a\n", "Error: java.lang.RuntimeException: no"},
	} {
		t.Run(c.name, func(t *testing.T) {
			mark := filepath.Join(t.TempDir(), "told")
			wait := map[livy.Kind]string{
				"pyspark": "import os, time\nwhile not os.path.exists('" + mark + "'): time.sleep(0.01)",
				"spark":   "while (!new java.io.File(\"" + mark + "\").exists()) Thread.sleep(10)",
			}[c.kind]
			var told strings.Builder
			out := s.watch(t.Context(), t, c.kind, strings.Replace(c.code, "WAIT", wait, 1), server.Report{
				Progress: func(float64) {},
				Printed: func(text string) {
					told.WriteString(text)
					if err := os.WriteFile(mark, nil, 0o600); err != nil {
						t.Error(err)
					}
				},
			})
			if got := show(t, out); told.String() != c.told || got != c.output {
				t.Errorf("told %q, want %q; output %q, want %q", told.String(), c.told, got, c.output)
			}
		})
	}
	for _, c := range []struct {
		name, code, told string
	}{
		{"nothing that the output tells as well", "print('fast')", ""},
		{"the order of two streams", "import sys\nprint('a'); print('e', file=sys.stderr); print('b')", "a\ne\nb\n"},
		{"what came before an error", "print('a'); 1/0", "a\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var told strings.Builder
			s.watch(t.Context(), t, "pyspark", c.code, server.Report{Progress: func(float64) {}, Printed: func(text string) { told.WriteString(text) }})
			if told.String() != c.told && c.told != "" || strings.Trim(told.String(), "fast\n") != "" && c.told == "" {
				t.Errorf("told %q", told.String())
			}
		})
	}
}
