// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// checkBalanced fails unless each request was answered by busy, idle and one
// reply, in order, with nothing after the idle.
func checkBalanced(t *testing.T, x kerneltest.Exchange) {
	t.Helper()
	types := x.Types()
	if len(types) < 2 || types[0] != wire.Busy || slices.Index(types, wire.Idle) != len(types)-1 {
		t.Errorf("iopub: %v", types)
	}
	if x.Replies != 1 {
		t.Errorf("%d replies", x.Replies)
	}
}

func TestO2ExecuteOrder(t *testing.T) {
	r := start(t, newEcho())
	for code_, want := range map[string][]string{
		"echo 1":  {wire.Busy, "execute_input", "execute_result", wire.Idle},
		"fail":    {wire.Busy, "execute_input", "error", wire.Idle},
		"print a": {wire.Busy, "execute_input", "stream", wire.Idle},
		" ":       {wire.Busy, "execute_input", wire.Idle},
	} {
		x := r.request(t, code(code_))
		if diff := cmp.Diff(want, x.Types()); diff != "" {
			t.Errorf("%q: %s", code_, diff)
		}
		checkBalanced(t, x)
	}
}

// Control is answered while a cell runs, on control, and does not mix with it.
func TestO3ControlBesideCell(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	cell := r.send(t, kerneltest.Shell, code("wait"))
	<-b.begun
	for _, content := range []wire.Content{
		wire.KernelInfoRequest{}, wire.IsCompleteRequest{}, wire.CompleteRequest{}, wire.InspectRequest{},
		wire.HistoryRequest{}, wire.CommInfoRequest{},
	} {
		x, err := r.client.Request(deadline(t), kerneltest.Control, content)
		if err != nil {
			t.Fatal(err)
		}
		checkBalanced(t, x)
		if x.Channel != kerneltest.Control {
			t.Errorf("%s was answered on %s", content.MsgType(), x.Channel)
		}
	}
	r.Interrupt()
	x := r.wait(t, cell, kerneltest.Exchange.Served)
	if diff := cmp.Diff([]string{wire.Busy, "execute_input", "stream", "error", wire.Idle}, x.Types()); diff != "" {
		t.Error(diff)
	}
}

// Code that comes by control waits for the executor as any other, and is
// answered on control.
func TestC1ExecuteOnControl(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	first := r.send(t, kerneltest.Shell, code("wait"))
	<-b.begun
	second := r.send(t, kerneltest.Control, wire.ExecuteRequest{Code: "echo 2", StoreHistory: true})
	if _, err := r.client.Request(deadline(t), kerneltest.Control, wire.KernelInfoRequest{}); err != nil {
		t.Fatal(err)
	}
	if ran := b.codes(); len(ran) != 1 {
		t.Errorf("ran beside a cell: %v", ran)
	}
	r.Interrupt()
	r.wait(t, first, kerneltest.Exchange.Served)
	if x := r.wait(t, second, kerneltest.Exchange.Served); x.Channel != kerneltest.Control {
		t.Errorf("answered on %s", x.Channel)
	}
}

// A completion that hangs in the backend holds up nothing else.
func TestC1HangingCompletion(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	hanging := r.send(t, kerneltest.Control, wire.CompleteRequest{Code: "hang"})
	<-b.begun
	for _, content := range []wire.Content{wire.KernelInfoRequest{}, wire.InterruptRequest{}} {
		if _, err := r.client.Request(deadline(t), kerneltest.Control, content); err != nil {
			t.Fatal(err)
		}
	}
	checkBalanced(t, r.request(t, code("echo 1")))
	close(b.resume)
	checkBalanced(t, r.wait(t, hanging, kerneltest.Exchange.Served))
}

func TestX2ExecutionCount(t *testing.T) {
	r := start(t, newEcho())
	silent := wire.ExecuteRequest{Code: "echo", Silent: true}
	unstored := wire.ExecuteRequest{Code: "echo"}
	for i, step := range []struct {
		content wire.ExecuteRequest
		want    int
	}{
		{silent, 0}, {unstored, 0}, {code("echo"), 1}, {silent, 1}, {unstored, 1}, {code(""), 1}, {code("fail"), 2}, {code("echo"), 3},
	} {
		x := r.request(t, step.content)
		counts := []int{decoded[wire.ExecuteReply](t, x.Reply).ExecutionCount}
		for _, m := range x.IOPub {
			switch m.Header.MsgType {
			case "execute_input":
				counts = append(counts, decoded[wire.ExecuteInput](t, m).ExecutionCount)
			case "execute_result":
				counts = append(counts, decoded[wire.ExecuteResult](t, m).ExecutionCount)
			}
		}
		for _, n := range counts {
			if n != step.want {
				t.Errorf("step %d: counts %v, want %d", i, counts, step.want)
			}
		}
	}
}

// What the backend is told of a cell.
func TestX1Cell(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	m, err := r.client.Session().Message(wire.ExecuteRequest{Code: "echo", StoreHistory: true, AllowStdin: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	m.Metadata = []byte(`{"cellId":"c-1","vscode":{"languageId":"sql"},"tags":[1]}`)
	if err := r.client.SendMessage(deadline(t), kerneltest.Shell, m); err != nil {
		t.Fatal(err)
	}
	r.wait(t, m, kerneltest.Exchange.Served)
	want := kernel.Cell{MsgID: m.Header.MsgID, Code: "echo", StoreHistory: true, AllowStdin: true,
		ExecutionCount: 1, CellID: "c-1", LanguageID: "sql", Waiting: b.cells[0].Waiting}
	if b.cells[0].Waiting == nil {
		t.Error("it is not told what waits")
	}
	if diff := cmp.Diff(want, b.cells[0]); diff != "" {
		t.Error(diff)
	}
}

func TestX10PipelinedRequests(t *testing.T) {
	r := start(t, newEcho())
	var requests []*wire.Message
	for i := range 500 {
		requests = append(requests, r.send(t, kerneltest.Shell, code(fmt.Sprint("echo ", i))))
	}
	for i, request := range requests {
		x := r.wait(t, request, kerneltest.Exchange.Served)
		checkBalanced(t, x)
		if n := decoded[wire.ExecuteReply](t, x.Reply).ExecutionCount; n != i+1 {
			t.Fatalf("reply %d has count %d", i, n)
		}
	}
}

func TestW15HeartbeatDuringACell(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	r.send(t, kerneltest.Shell, code("wait"))
	<-b.begun
	want := [][]byte{{}, []byte("ping")}
	got, err := r.client.Ping(deadline(t), want)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
