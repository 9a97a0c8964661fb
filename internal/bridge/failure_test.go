// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// TestWholeErrorStaysAtHand folds an error, keeps the whole of it for %tb, and
// does not fold where the user wants none of it.
func TestWholeErrorStaysAtHand(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	bn.engine.On("\nf()", livytest.Error("AnalysisException", "[X] no such column.;\n'Project", "Traceback (most recent call last):\n",
		"  File \"<stdin>\", line 2, in <module>\n", "  File \"/x/pyspark/sql/session.py\", line 1, in sql\n    inside\n",
		"pyspark.errors.exceptions.captured.AnalysisException: [X] no such column.;\n'Project\n"))
	if got := bn.must("%tb").stdout(); !strings.Contains(got, "No cell has failed") {
		t.Errorf("before an error: %q", got)
	}
	_, err := bn.run("\nf()")
	folded := strings.Join(cellError(t, err).Traceback, "\n")
	if !strings.Contains(folded, "----> 2\x1b[0m f()") || strings.Contains(folded, "inside") || !strings.Contains(folded, "%tb shows") {
		t.Errorf("folded: %s", folded)
	}
	if whole := bn.must("%tb").stdout(); !strings.Contains(whole, "inside") || !strings.Contains(whole, "'Project") {
		t.Errorf("whole: %s", whole)
	}
	bn.must("%tb full")
	_, err = bn.run("\nf()")
	if got := strings.Join(cellError(t, err).Traceback, "\n"); !strings.Contains(got, "inside") {
		t.Errorf("after %%tb full: %s", got)
	}
	bn.must("%tb short")
	_, err = bn.run("\nf()")
	if got := strings.Join(cellError(t, err).Traceback, "\n"); got != folded {
		t.Errorf("after %%tb short: %s", got)
	}
}

// TestDifference names what changes, and shows no secret.
func TestDifference(t *testing.T) {
	before := livy.CreateSessionRequest{DriverMemory: "1g", Conf: map[string]string{"spark.a": "1", "spark.b": "2"}}
	after := livy.CreateSessionRequest{DriverMemory: "4g", ExecutorCores: 2, Conf: map[string]string{"spark.b": "2", "fs.azure.account.key.x": "canary", "fs.azure.sas.c.acc": "canary"}}
	got := strings.Join(difference(before, after), "\n")
	want := "conf fs.azure.account.key.x: (not shown)\nconf fs.azure.sas.c.acc: (not shown)\ndriverMemory: 1g → 4g\nexecutorCores: 2\nconf spark.a: 1 → not set"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if lines := difference(after, after); len(lines) != 0 {
		t.Errorf("no change, but %q", lines)
	}
}
