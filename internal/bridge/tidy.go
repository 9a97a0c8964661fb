// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"sync"

	"github.com/livy-kernel/livy-kernel/kernel"
)

// tidy is the sink of a cell that can take one of its displays back. Without it
// a line of progress, once empty, would stay an output in the notebook's file,
// or not, as the cell was slow or fast.
type tidy struct {
	kernel.Sink

	mu       sync.Mutex
	displays []kernel.Display // as they stand
	other    bool             // something else was shown, which cannot be shown again
}

func (t *tidy) Stream(name, text string) {
	t.note(text != "")
	t.Sink.Stream(name, text)
}

func (t *tidy) Result(data, metadata kernel.MIMEBundle) {
	t.note(true)
	t.Sink.Result(data, metadata)
}

func (t *tidy) note(shown bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.other = t.other || shown
}

func (t *tidy) Display(d kernel.Display) {
	t.mu.Lock()
	t.other = t.other || d.ID == ""
	if !t.other {
		t.displays = append(t.displays, d)
	}
	t.mu.Unlock()
	t.Sink.Display(d)
}

func (t *tidy) UpdateDisplay(d kernel.Display) {
	t.mu.Lock()
	for i := range t.displays {
		if t.displays[i].ID == d.ID {
			t.displays[i] = d
		}
	}
	t.mu.Unlock()
	t.Sink.UpdateDisplay(d)
}

func (t *tidy) ClearOutput(wait bool) {
	t.mu.Lock()
	t.displays, t.other = nil, false
	t.mu.Unlock()
	t.Sink.ClearOutput(wait)
}

// take takes the display back, where all that the cell shows are displays that
// can be shown again. ok is false where it cannot.
func (t *tidy) take(id string) (ok bool) {
	t.mu.Lock()
	displays, other := t.displays, t.other
	t.mu.Unlock()
	if other {
		return false
	}
	t.ClearOutput(false)
	for _, d := range displays {
		if d.ID != id {
			t.Display(d)
		}
	}
	return true
}
