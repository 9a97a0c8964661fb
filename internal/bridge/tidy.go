// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"slices"
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
	t.mu.Lock()
	defer t.mu.Unlock()
	t.other = t.other || text != ""
	t.Sink.Stream(name, text)
}

func (t *tidy) Result(data, metadata kernel.MIMEBundle) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.other = true
	t.Sink.Result(data, metadata)
}

func (t *tidy) Display(d kernel.Display) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.other = t.other || d.ID == ""; !t.other {
		t.displays = append(t.displays, d)
	}
	t.Sink.Display(d)
}

func (t *tidy) UpdateDisplay(d kernel.Display) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.displays {
		if t.displays[i].ID == d.ID {
			t.displays[i] = d
		}
	}
	t.Sink.UpdateDisplay(d)
}

func (t *tidy) ClearOutput(wait bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.displays, t.other = nil, false
	t.Sink.ClearOutput(wait)
}

// take takes the display back, where all that the cell shows are displays that
// can be shown again. ok is false where it cannot.
func (t *tidy) take(id string) (ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.other {
		return false
	}
	t.displays = slices.DeleteFunc(t.displays, func(d kernel.Display) bool { return d.ID == id })
	t.Sink.ClearOutput(false)
	for _, d := range t.displays {
		t.Sink.Display(d)
	}
	return true
}
