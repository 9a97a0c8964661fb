// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/livy"
)

// failing is a statement that failed on a real Livy: those called apache_ on
// Apache Livy 0.9.0, the others on the embedded Spark.
type failing struct {
	Kind   livy.Kind   `json:"kind"`
	Code   string      `json:"code"`
	Output livy.Output `json:"output"`
}

func readFailing(t testing.TB, name string) failing {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "failure", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var f failing
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// TestFailures holds how each error is shown to its golden file.
func TestFailures(t *testing.T) {
	files, err := filepath.Glob("testdata/failure/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no failures: %v", err)
	}
	earlier := []string{readFailing(t, "pyspark_nested").Code}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			f := readFailing(t, name)
			e, ok := Source{Kind: f.Kind, Code: f.Code, Earlier: earlier}.Failure(f.Output)
			if !ok {
				t.Fatal("no failure")
			}
			shown := strings.Join(e.Short.Traceback, "\n")
			if told := strings.Contains(shown, "%tb"); !told && strings.Contains(strings.Join(e.Full.Traceback, ""), "py4j") {
				t.Error("what is left out is not told")
			}
			got := e.Short.EName + "\n" + e.Short.EValue + "\n\n" + strings.ReplaceAll(shown, "\x1b", `\e`) + "\n"
			golden := strings.TrimSuffix(file, ".json") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("shown differently (-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzFailure lays out any error without a panic, and without a control
// sequence but colour.
func FuzzFailure(f *testing.F) {
	for _, name := range []string{"pyspark_udf", "scala_tab", "sql_syntax"} {
		c := readFailing(f, name)
		f.Add(string(c.Kind), c.Code, c.Output.EName, c.Output.EValue, strings.Join(c.Output.Traceback, ""))
	}
	f.Fuzz(func(t *testing.T, kind, code, name, value, text string) {
		e, ok := Source{Kind: livy.Kind(kind), Code: code}.Failure(livy.Output{Status: "error", EName: name, EValue: value, Traceback: []string{text}})
		if !ok {
			t.Fatal("no failure")
		}
		for _, line := range e.Short.Traceback {
			if line != Colour(line) {
				t.Fatalf("not filtered: %q", line)
			}
		}
	})
}
