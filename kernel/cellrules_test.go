// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// Silent code says nothing on iopub, is not counted and fails nobody else.
func TestX3Silent(t *testing.T) {
	r := start(t, newEcho())
	for _, source := range []string{"all", "fail x", ""} {
		x := r.request(t, wire.ExecuteRequest{Code: source, Silent: true, StoreHistory: true, StopOnError: true})
		if diff := cmp.Diff([]string{wire.Busy, wire.Idle}, x.Types()); diff != "" {
			t.Errorf("%q: %s", source, diff)
		}
		reply := decoded[wire.ExecuteReply](t, x.Reply)
		if want := map[bool]string{true: wire.StatusError, false: wire.StatusOK}[source == "fail x"]; reply.Status != want || reply.ExecutionCount != 0 {
			t.Errorf("%q: %s", source, x.Reply.Content)
		}
	}
	tail := decoded[wire.HistoryReply](t, r.request(t, wire.HistoryRequest{HistAccessType: "tail"}).Reply)
	if len(tail.History) != 0 {
		t.Errorf("in the history: %+v", tail.History)
	}
}

// The keys of each kind of execute_reply.
func TestX4ExecuteReplies(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	waiting := r.send(t, kerneltest.Shell, code("wait"))
	<-b.begun
	aborted := r.send(t, kerneltest.Shell, code("echo 2"))
	r.send(t, kerneltest.Shell, wire.InterruptRequest{})
	r.wait(t, aborted, kerneltest.Exchange.Served)
	ok := r.send(t, kerneltest.Shell, code("echo 3"))
	for request, want := range map[*wire.Message]string{
		waiting: "ename evalue execution_count payload status traceback user_expressions",
		aborted: "execution_count status",
		ok:      "execution_count payload status user_expressions",
	} {
		x := r.wait(t, request, kerneltest.Exchange.Served)
		checkBalanced(t, x)
		var content map[string]json.RawMessage
		if err := json.Unmarshal(x.Reply.Content, &content); err != nil {
			t.Fatal(err)
		}
		var keys []string
		for key := range content {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		if got := strings.Join(keys, " "); got != want {
			t.Errorf("%s\nwant the keys %s", x.Reply.Content, want)
		}
	}
}

// Blank code is a cell that ends well, without the backend, and not counted.
func TestX7BlankCode(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	for _, source := range []string{"", " \t\r\n", "\u00a0\u2003"} {
		x := r.request(t, code(source))
		if diff := cmp.Diff([]string{wire.Busy, "execute_input", wire.Idle}, x.Types()); diff != "" {
			t.Errorf("%q: %s", source, diff)
		}
		if reply := decoded[wire.ExecuteReply](t, x.Reply); reply.Status != wire.StatusOK || reply.ExecutionCount != 0 {
			t.Errorf("%q: %s", source, x.Reply.Content)
		}
	}
	if ran := b.codes(); len(ran) != 0 {
		t.Errorf("ran %q", ran)
	}
}

// What a cell shows, in its order and each in its shape. I9: nothing else is
// among it.
func TestI2I4I6I7I9CellOutputs(t *testing.T) {
	r := start(t, newEcho())
	x := r.request(t, code("all"))
	want := []string{wire.Busy, "execute_input", "stream", "stream", "display_data", "stream", "update_display_data", "clear_output", "execute_result", "stream", wire.Idle}
	if diff := cmp.Diff(want, x.Types()); diff != "" {
		t.Error(diff)
	}
	for msgType, want := range map[string]string{
		"execute_input":       `{"code":"all","execution_count":1}`,
		"display_data":        `{"data":{"text/plain":"shown"},"metadata":{},"transient":{"display_id":"d1"}}`,
		"update_display_data": `{"data":{"text/plain":"updated"},"metadata":{},"transient":{"display_id":"d1"}}`,
		"clear_output":        `{"wait":true}`,
		"execute_result":      `{"execution_count":1,"data":{"text/html":"<b>6</b>","text/plain":"6"},"metadata":{}}`,
	} {
		if got := string(x.Find(msgType).Content); got != want {
			t.Errorf("%s: %s", msgType, got)
		}
	}
	x = r.request(t, code(`json {"a":[1.50,null]}`))
	if got := string(x.Find("display_data").Content); got != `{"data":{"application/json":{"a":[1.50,null]}},"metadata":{},"transient":{}}` {
		t.Errorf("JSON is not sent as it is: %s", got)
	}
}

// An update of nothing is shown.
func TestI3UpdateWithoutID(t *testing.T) {
	r := start(t, newEcho())
	x := r.request(t, code("update nothing"))
	if diff := cmp.Diff([]string{wire.Busy, "execute_input", "display_data", wire.Idle}, x.Types()); diff != "" {
		t.Error(diff)
	}
}

// An error's traceback always ends with its name and value.
func TestI5Traceback(t *testing.T) {
	r := start(t, newEcho())
	for source, want := range map[string][]string{
		"fail a\nb": {"\x1b[31mValueError\x1b[0m: a\nb"},
		"traceback": {"line 1", "E: v"},
	} {
		x := r.request(t, code(source))
		e := decoded[wire.ErrorContent](t, x.Find("error"))
		if diff := cmp.Diff(wire.Strings(want), e.Traceback); diff != "" {
			t.Errorf("%q: %s", source, diff)
		}
		if diff := cmp.Diff(e, *decoded[wire.ExecuteReply](t, x.Reply).ErrorContent); diff != "" {
			t.Errorf("the reply says something else: %s", diff)
		}
	}
}
