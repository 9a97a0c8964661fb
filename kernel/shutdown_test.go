// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"context"
	"errors"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

func TestC4C5Row13Shutdown(t *testing.T) {
	for name, c := range map[string]struct {
		channel       kerneltest.Channel
		busy, restart bool
	}{
		"control idle":         {kerneltest.Control, false, false},
		"control busy":         {kerneltest.Control, true, false},
		"control busy restart": {kerneltest.Control, true, true},
		"shell idle restart":   {kerneltest.Shell, false, true},
		"shell busy":           {kerneltest.Shell, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := newEcho()
			r := start(t, b)
			var cell, queued *wire.Message
			if c.busy {
				cell = r.send(t, kerneltest.Shell, code("wait"))
				<-b.begun
				// By the channel of the shutdown, so that it is there before it.
				queued = r.send(t, c.channel, code("echo never"))
			}
			x, err := r.client.Request(deadline(t), c.channel, wire.ShutdownRequest{Restart: c.restart})
			if err != nil {
				t.Fatal(err)
			}
			checkBalanced(t, x)
			want := wire.ShutdownReply{Status: wire.StatusOK, Restart: c.restart}
			if got := decoded[wire.ShutdownReply](t, x.Reply); got != want || x.Channel != c.channel {
				t.Errorf("%+v on %s", got, x.Channel)
			}
			if got := decoded[wire.ShutdownReply](t, x.Find("shutdown_reply")); got != want {
				t.Errorf("on iopub: %+v", got)
			}
			if err := <-r.served; err != nil {
				t.Errorf("Serve: %v", err)
			}
			if got := <-b.closed; got != (closeCall{restart: c.restart}) {
				t.Errorf("Close: %+v", got)
			}
			if !c.busy {
				return
			}
			x = r.wait(t, cell, kerneltest.Exchange.Served)
			checkBalanced(t, x)
			if e := decoded[wire.ErrorContent](t, x.Find("error")); e.EName != "KeyboardInterrupt" || e.EValue != "the kernel is shutting down" {
				t.Errorf("the cell ended with %+v", e)
			}
			if x := r.wait(t, queued, kerneltest.Exchange.Served); decoded[wire.ExecuteReply](t, x.Reply).Status != wire.StatusAborted {
				t.Errorf("the queued cell: %s", x.Reply.Content)
			}
		})
	}
}

// The end of the context is SIGTERM: the cell is answered, the backend closed.
func TestC4EndOfContextIsShutdown(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	cell := r.send(t, kerneltest.Shell, code("wait"))
	<-b.begun
	r.stop()
	checkBalanced(t, r.wait(t, cell, kerneltest.Exchange.Served))
	if err := <-r.served; err != nil {
		t.Error(err)
	}
	if got := <-b.closed; got != (closeCall{}) {
		t.Errorf("Close: %+v", got)
	}
}

// A cell that does not end cannot keep the backend from being closed, and is
// answered all the same.
func TestC4ShutdownGivesUpOnHangingCell(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	cell := r.send(t, kerneltest.Shell, code("hang"))
	<-b.begun
	if _, err := r.client.Request(deadline(t), kerneltest.Control, wire.ShutdownRequest{}); err != nil {
		t.Fatal(err)
	}
	if got := <-b.closed; !got.running {
		t.Errorf("Close: %+v", got)
	}
	checkBalanced(t, r.wait(t, cell, kerneltest.Exchange.Served))
	if err := <-r.served; err != nil {
		t.Error(err)
	}
	close(b.resume)
}

func TestC4ShutdownGivesUpOnHangingClose(t *testing.T) {
	b := newEcho()
	b.closing = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	r := start(t, b)
	r.send(t, kerneltest.Control, wire.ShutdownRequest{})
	if err := <-r.served; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Serve: %v", err)
	}
}

func TestErrorOfCloseIsReturned(t *testing.T) {
	b, failure := newEcho(), errors.New("session is still there")
	b.closing = func(context.Context) error { return failure }
	r := start(t, b)
	r.stop()
	if err := <-r.served; !errors.Is(err, failure) {
		t.Errorf("Serve: %v", err)
	}
}

// The ports of a kernel that has left are free for its successor.
func TestS6W11RestartOnTheSamePorts(t *testing.T) {
	first := start(t, newEcho())
	info := first.Connection()
	if _, err := first.client.Request(deadline(t), kerneltest.Control, wire.ShutdownRequest{Restart: true}); err != nil {
		t.Fatal(err)
	}
	second := listenOn(t, info, newEcho())
	second.client = dial(t, second.Kernel)
	checkBalanced(t, second.request(t, code("echo 1")))
}
