// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

func evaluating(code string, expressions map[string]string) wire.ExecuteRequest {
	return wire.ExecuteRequest{Code: code, StoreHistory: true, UserExpressions: expressions}
}

// Each expression has a result of its own, and none fails the cell.
func TestX5UserExpressions(t *testing.T) {
	r := start(t, evaluator{newEcho()})
	expressions := map[string]string{"a": "x", "b": "fail", "c": "panic", "d": "nothing", "e": "notjson"}
	x := r.request(t, evaluating("echo 1", expressions))
	checkBalanced(t, x)
	reply := decoded[wire.ExecuteReply](t, x.Reply)
	if reply.Status != wire.StatusOK {
		t.Fatalf("%s", x.Reply.Content)
	}
	got := reply.UserExpressions
	if diff := cmp.Diff(text("x after echo 1 [1]"), got["a"].Data); diff != "" || got["a"].Status != wire.StatusOK {
		t.Errorf("a: %s %s", got["a"].Status, diff)
	}
	if b := got["b"]; b.Status != wire.StatusError || b.EName != "NameError" || len(b.Traceback) == 0 {
		t.Errorf("b: %+v", b)
	}
	if c := got["c"]; c.Status != wire.StatusError || c.EName != "KernelInternalError" {
		t.Errorf("c: %+v", c)
	}
	if e := got["e"]; string(e.Data["text/plain"]) != `"{"` {
		t.Errorf("e: %+v", e)
	}
	if d := got["d"]; d.Status != wire.StatusOK || d.Data == nil || d.Metadata == nil {
		t.Errorf("d: %+v", d)
	}
}

// Nothing is evaluated after an error; empty code is no error.
func TestX5UserExpressionsAfterWhat(t *testing.T) {
	r := start(t, evaluator{newEcho()})
	expressions := map[string]string{"a": "x"}
	if reply := decoded[wire.ExecuteReply](t, r.request(t, evaluating("fail", expressions)).Reply); len(reply.UserExpressions) != 0 {
		t.Errorf("after an error: %+v", reply.UserExpressions)
	}
	silent := wire.ExecuteRequest{Silent: true, UserExpressions: expressions}
	if reply := decoded[wire.ExecuteReply](t, r.request(t, silent).Reply); reply.UserExpressions["a"].Status != wire.StatusOK {
		t.Errorf("of empty code: %+v", reply.UserExpressions)
	}
}

func TestX5UserExpressionsCanBeInterrupted(t *testing.T) {
	b := evaluator{newEcho()}
	r := start(t, b)
	cell := r.send(t, kerneltest.Shell, evaluating("echo 1", map[string]string{"a": "wait", "b": "x"}))
	<-b.begun
	r.Interrupt()
	reply := decoded[wire.ExecuteReply](t, r.wait(t, cell, kerneltest.Exchange.Served).Reply)
	if got := reply.UserExpressions["a"]; got.EName != "KeyboardInterrupt" {
		t.Errorf("a: %+v", got)
	}
}
