// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// TestProgressLeavesNothing takes a line of progress out of what a cell shows,
// whatever is shown before it and after it.
func TestProgressLeavesNothing(t *testing.T) {
	r := &recorder{}
	sink := &tidy{Sink: r}
	sink.Display(kernel.Display{ID: "start", Data: render.Text("ready")})
	l := line{sink: sink}
	l.show("10 %", "")
	sink.UpdateDisplay(kernel.Display{ID: "start", Data: render.Text("ready, as said")})
	l.show("90 %", "")
	l.clear()
	if got := r.shown(); got != "ready, as said" || len(r.displays) != 1 {
		t.Errorf("shown %q in %d displays", got, len(r.displays))
	}
	l.show("95 %", "") // a second time, as a new line
	sink.Stream(wire.Stdout, "printed\n")
	l.clear()
	if got := r.shown(); r.stdout() != "printed\n" || got != "ready, as said\n" {
		t.Errorf("printed %q, shown %q", r.stdout(), got)
	}
}
