// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/livy"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden renders outputs as a real Livy sent them, and hostile ones of the
// same shapes (fault-matrix rows 37, 70, 71, 72).
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/output/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no outputs: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var out livy.Output
			if err := json.Unmarshal(raw, &out); err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(file, ".json") + ".golden"
			got := describe(out)
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
				t.Errorf("rendered differently (-want +got):\n%s", diff)
			}
		})
	}
}

// describe writes what a notebook shows of out, readable in a diff: each
// control character as an escape.
func describe(out livy.Output) string {
	var b strings.Builder
	if e := Failure(out); e != nil {
		fmt.Fprintf(&b, "ename: %s\nevalue: %q\ntraceback:\n", e.EName, e.EValue)
		for _, line := range e.Traceback {
			fmt.Fprintf(&b, "  %s\n", strings.ReplaceAll(line, "\x1b", `\e`))
		}
		return b.String()
	}
	c := Output(out)
	if c.Stdout != "" {
		fmt.Fprintf(&b, "stdout:\n%s", strings.ReplaceAll(c.Stdout, "\x1b", `\e`))
	}
	for _, mime := range slices.Sorted(maps.Keys(c.Value)) {
		text, ok := textOf(c.Value[mime])
		if !ok {
			text = string(c.Value[mime])
		}
		fmt.Fprintf(&b, "%s:\n%s\n", mime, text)
	}
	return b.String()
}

func TestSQLRowLimitIsTold(t *testing.T) {
	for rows, want := range map[int]bool{999: false, 1000: true} {
		data := strings.TrimSuffix(strings.Repeat("[1],", rows), ",")
		raw := fmt.Sprintf(`{"schema":{"type":"struct","fields":[{"name":"a","type":"long"}]},"data":[%s]}`, data)
		c := Output(livy.Output{Status: "ok", Data: map[string]json.RawMessage{"application/json": json.RawMessage(raw)}})
		for _, mime := range []string{mimeHTML, mimeText} {
			text, _ := textOf(c.Value[mime])
			if got := strings.Contains(text, "1,000 rows at most"); got != want {
				t.Errorf("%d rows, %s: limit told = %t, want %t", rows, mime, got, want)
			}
		}
	}
}

// TestRow38LongTraceback keeps the beginning and the end of an enormous error.
func TestRow38LongTraceback(t *testing.T) {
	e := Failure(livy.Output{
		Status: "error", EName: "RuntimeError", EValue: strings.Repeat("v", 2<<20),
		Traceback: []string{"Traceback (most recent call last):\n", strings.Repeat("\x1b[2Jžx\x1b[31m", 1<<20), "\nRuntimeError: the end\n"},
	})
	all := strings.Join(e.Traceback, "\n")
	if len(e.EValue) > 2*maxEValue || len(all) > 2*maxTraceback {
		t.Errorf("not limited: evalue of %d bytes, traceback of %d", len(e.EValue), len(all))
	}
	for _, want := range []string{"Traceback (most recent", "bytes left out", "\x1b[0;31mRuntimeError\x1b[0m: the end"} {
		if !strings.Contains(all, want) {
			t.Errorf("traceback lacks %q", want)
		}
	}
	if strings.Contains(all, "\x1b[2J") {
		t.Error("a control sequence other than colour was kept")
	}
}
