// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// ponderer thinks about a completion for as long as it may.
type ponderer struct {
	*echoBackend
	pondering chan struct{}
}

func (p ponderer) Complete(ctx context.Context, _ string, _ int) (kernel.Completion, error) {
	p.pondering <- struct{}{}
	<-ctx.Done()
	return kernel.Completion{Matches: []string{ctx.Err().Error()}}, nil
}

// Execute thinks for as long as nobody waits.
func (p ponderer) Execute(ctx context.Context, cell kernel.Cell, sink kernel.Sink) error {
	if cell.Code != "ponder" {
		return p.echoBackend.Execute(ctx, cell, sink)
	}
	p.pondering <- struct{}{}
	<-cell.Waiting
	sink.Result(text(fmt.Sprint("interrupted: ", ctx.Err() != nil)), nil)
	return nil
}

// A cell is told that code waits behind it, be it there already or yet to come,
// and that it is interrupted.
func TestCellIsToldWhatWaits(t *testing.T) {
	p := ponderer{newEcho(), make(chan struct{})}
	r := start(t, p)
	first := r.send(t, kerneltest.Shell, code("ponder"))
	<-p.pondering
	second := r.send(t, kerneltest.Shell, code("ponder"))
	third := r.send(t, kerneltest.Shell, code("ponder"))
	for _, m := range []*wire.Message{first, second} {
		if m == second {
			<-p.pondering
		}
		if got := result(t, r.wait(t, m, kerneltest.Exchange.Served)); got != "interrupted: false" {
			t.Error(got)
		}
	}
	<-p.pondering
	r.Interrupt()
	if got := result(t, r.wait(t, third, kerneltest.Exchange.Served)); got != "interrupted: true" {
		t.Error(got)
	}
}

// A completion gives way to a cell, whether that comes during it or waits
// already.
func TestCompletionGivesWayToCode(t *testing.T) {
	p := ponderer{newEcho(), make(chan struct{})}
	r := start(t, p)
	first := r.send(t, kerneltest.Shell, wire.CompleteRequest{})
	<-p.pondering
	second := r.send(t, kerneltest.Shell, wire.CompleteRequest{})
	cell := r.send(t, kerneltest.Shell, code("echo 1"))
	<-p.pondering
	for _, m := range []*wire.Message{first, second} {
		x := r.wait(t, m, kerneltest.Exchange.Served)
		var reply wire.CompleteReply
		if err := json.Unmarshal(x.Reply.Content, &reply); err != nil {
			t.Fatal(err)
		}
		if len(reply.Matches) != 1 || reply.Matches[0] != context.Canceled.Error() {
			t.Errorf("got %v", reply.Matches)
		}
	}
	if x := r.wait(t, cell, kerneltest.Exchange.Served); x.Find("execute_result") == nil {
		t.Errorf("the cell: %v", x.Types())
	}
}
