// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

func TestC2Row11InterruptRequest(t *testing.T) {
	for _, channel := range []kerneltest.Channel{kerneltest.Control, kerneltest.Shell} {
		t.Run(string(channel), func(t *testing.T) {
			b := newEcho()
			r := start(t, b)
			cell := r.send(t, kerneltest.Shell, code("wait"))
			<-b.begun
			x, err := r.client.Request(deadline(t), channel, wire.InterruptRequest{})
			if err != nil {
				t.Fatal(err)
			}
			checkBalanced(t, x)
			if x.Channel != channel {
				t.Errorf("answered on %s", x.Channel)
			}
			x = r.wait(t, cell, kerneltest.Exchange.Served)
			checkBalanced(t, x)
			want := wire.ErrorContent{EName: "KeyboardInterrupt", EValue: "the cell was interrupted",
				Traceback: []string{"\x1b[31mKeyboardInterrupt\x1b[0m: the cell was interrupted"}}
			if diff := cmp.Diff(want, decoded[wire.ErrorContent](t, x.Find("error"))); diff != "" {
				t.Error(diff)
			}
			if x.Text(wire.Stdout) != "waiting" {
				t.Errorf("output before the interrupt: %q", x.Text(wire.Stdout))
			}
		})
	}
}

func TestC2Row12InterruptAtIdleAndTwice(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	r.Interrupt()
	r.Interrupt()
	if x, err := r.client.Request(deadline(t), kerneltest.Control, wire.InterruptRequest{}); err != nil {
		t.Fatal(err)
	} else {
		checkBalanced(t, x)
	}
	checkBalanced(t, r.request(t, code("echo 1")))

	cell := r.send(t, kerneltest.Shell, code("wait"))
	<-b.begun
	r.Interrupt()
	r.Interrupt()
	r.wait(t, cell, kerneltest.Exchange.Served)
	if x := r.request(t, code("echo 2")); decoded[wire.ExecuteReply](t, x.Reply).Status != wire.StatusOK {
		t.Errorf("the next cell: %s", x.Reply.Content)
	}
}

// Text appears while the cell runs.
func TestI1StreamIsNotHeldLong(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	cell := r.send(t, kerneltest.Shell, code("wait"))
	x := r.wait(t, cell, func(x kerneltest.Exchange) bool { return x.Text(wire.Stdout) != "" })
	if x.Idle() {
		t.Error("the text came with the end of the cell")
	}
	r.Interrupt()
	r.wait(t, cell, kerneltest.Exchange.Served)
}
