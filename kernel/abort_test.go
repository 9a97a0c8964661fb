// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// The third of a thousand cells fails: two ran before it, none after it, and
// all are answered in their order.
func TestO5X6Row15QueueIsAborted(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	requests := []*wire.Message{r.send(t, kerneltest.Shell, code("echo 1")), r.send(t, kerneltest.Shell, code("echo 2"))}
	failing := r.send(t, kerneltest.Shell, code("wait"))
	<-b.begun
	for i := range 997 {
		requests = append(requests, r.send(t, kerneltest.Shell, code(fmt.Sprint("echo ", i))))
	}
	info := r.send(t, kerneltest.Shell, wire.KernelInfoRequest{})
	// By shell it comes after all the cells have come.
	r.send(t, kerneltest.Shell, wire.InterruptRequest{})
	r.wait(t, failing, kerneltest.Exchange.Served)
	for i, request := range requests {
		x := r.wait(t, request, kerneltest.Exchange.Served)
		checkBalanced(t, x)
		want := wire.StatusOK
		if i >= 2 {
			want = wire.StatusAborted
		}
		if got := decoded[wire.ExecuteReply](t, x.Reply).Status; got != want {
			t.Fatalf("cell %d: %s, want %s", i, got, want)
		}
	}
	r.wait(t, info, kerneltest.Exchange.Served) // other requests are not aborted
	if diff := cmp.Diff([]string{"echo 1", "echo 2", "wait"}, b.codes()); diff != "" {
		t.Error(diff)
	}
	// What comes after the reply runs.
	if x := r.request(t, code("echo after")); decoded[wire.ExecuteReply](t, x.Reply).Status != wire.StatusOK {
		t.Errorf("after the error: %s", x.Reply.Content)
	}
}

// Nothing is aborted by what is not to stop the others.
func TestX6ErrorsThatAbortNothing(t *testing.T) {
	for name, content := range map[string]wire.ExecuteRequest{
		"stop_on_error false": {Code: "wait", StoreHistory: true},
		"silent":              {Code: "wait", Silent: true, StopOnError: true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newEcho()
			r := start(t, b)
			failing := r.send(t, kerneltest.Shell, content)
			<-b.begun
			next := r.send(t, kerneltest.Shell, code("echo next"))
			r.Interrupt()
			if x := r.wait(t, failing, kerneltest.Exchange.Served); decoded[wire.ExecuteReply](t, x.Reply).Status != wire.StatusError {
				t.Fatalf("the cell did not fail: %s", x.Reply.Content)
			}
			if x := r.wait(t, next, kerneltest.Exchange.Served); decoded[wire.ExecuteReply](t, x.Reply).Status != wire.StatusOK {
				t.Errorf("the next cell: %s", x.Reply.Content)
			}
		})
	}
}
