// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// TestProgressLeavesNothing takes a line of progress out of what a cell shows,
// whatever is shown before it and after it; where text has been printed, one
// line stays, and never an empty output.
func TestProgressLeavesNothing(t *testing.T) {
	r := &recorder{}
	sink := &tidy{Sink: r}
	sink.Display(kernel.Display{ID: "start", Data: render.Text("ready")})
	l := line{sink: sink}
	l.show("10 %", "")
	sink.UpdateDisplay(kernel.Display{ID: "start", Data: render.Text("ready, as said")})
	l.show("90 %", "")
	l.end("took 9 s")
	if got := r.shown(); got != "ready, as said" || len(r.displays) != 1 {
		t.Errorf("shown %q in %d displays", got, len(r.displays))
	}
	l.show("95 %", "") // a second time, as a new line
	sink.Stream(wire.Stdout, "printed\n")
	l.show("", "") // while there is nothing to tell
	l.end("took 10 s")
	if got := r.shown(); r.stdout() != "printed\n" || got != "ready, as said\ntook 10 s" {
		t.Errorf("printed %q, shown %q", r.stdout(), got)
	}
	if got := r.displays[1].Data["text/html"]; string(got) != `"took 10 s"` {
		t.Errorf("as HTML: %s", got)
	}
	unseen := line{sink: sink}
	unseen.end("took 11 s")
	if len(r.displays) != 2 {
		t.Errorf("shown %q of a line that never was", r.shown())
	}
}

// TestSignInBelowText leaves no code where the cell has printed before it asks,
// and no empty output.
func TestSignInBelowText(t *testing.T) {
	r := &recorder{}
	sink := &tidy{Sink: r}
	sink.Stream(wire.Stdout, "printed\n")
	var a asker
	leave := a.within(sink)
	done := a.Prompt(t.Context(), auth.Prompt{Message: "Sign in.", UserCode: "ABCD-1234"})
	if got := r.shown(); got != "Sign in. Code: ABCD-1234" {
		t.Errorf("shown %q", got)
	}
	done()
	leave()
	if got := r.shown(); r.stdout() != "printed\n" || got != signInEnded {
		t.Errorf("printed %q, shown %q", r.stdout(), got)
	}
}
