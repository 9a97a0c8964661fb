// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// TestX5UserExpressions evaluates in the language of the cell, each for itself.
func TestX5UserExpressions(t *testing.T) {
	bn := newBench(t, livy.KindPySpark)
	if _, _, err := bn.bridge.Evaluate(t.Context(), cell("1+1"), "x"); err == nil || bn.server.Count(postSession) != 0 {
		t.Errorf("without a session: %v", err)
	}
	bn.must("1+1")
	bn.engine.On("x", livytest.Text("42"))
	bn.engine.On("fails", livytest.Error("NameError", "name 'fails' is not defined"))
	data, _, err := bn.bridge.Evaluate(t.Context(), cell("1+1"), "x")
	if err != nil || textOf(data) != "42" {
		t.Errorf("%v, %v", data, err)
	}
	if _, _, err := bn.bridge.Evaluate(t.Context(), cell("1+1"), "fails"); cellError(t, err).EName != "NameError" {
		t.Errorf("got %v", err)
	}
	if _, _, err := bn.bridge.Evaluate(t.Context(), cell("%%spark\nval y = 1"), "x"); err != nil {
		t.Error(err)
	}
	ran := bn.engine.Ran()
	if last := ran[len(ran)-1]; last.Kind != livy.KindSpark || last.Code != "x" {
		t.Errorf("the last statement is %+v", last)
	}
}
