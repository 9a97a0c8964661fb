// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// recorder is a Sink that keeps what a cell published, each display with its
// last content, as a notebook does.
type recorder struct {
	mu       sync.Mutex
	streams  map[string]string
	displays []kernel.Display
	updates  int
	results  []kernel.MIMEBundle
	changed  chan struct{} // closed and replaced by each change
}

func (r *recorder) Stream(name, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.streams == nil {
		r.streams = make(map[string]string)
	}
	r.streams[name] += text
	r.notify()
}

func (r *recorder) Display(d kernel.Display) {
	r.mu.Lock()
	r.displays = append(r.displays, d)
	r.notify()
	r.mu.Unlock()
}

func (r *recorder) UpdateDisplay(d kernel.Display) {
	r.mu.Lock()
	r.updates++
	for i := range r.displays {
		if r.displays[i].ID == d.ID {
			r.displays[i] = d
		}
	}
	r.notify()
	r.mu.Unlock()
}

func (r *recorder) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("nobody is asked")
}

// notify wakes await; r.mu is held.
func (r *recorder) notify() {
	if r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
}

// await waits until a display shows text.
func (r *recorder) await(t *testing.T, text string) {
	t.Helper()
	r.until(func() bool { return strings.Contains(r.shownLocked(), text) })
}

// awaitStdout waits until text is what was printed.
func (r *recorder) awaitStdout(t *testing.T, text string) {
	t.Helper()
	r.until(func() bool { return r.streams[wire.Stdout] == text })
}

// until waits until a condition holds, which is asked with r.mu held.
func (r *recorder) until(holds func() bool) {
	for {
		r.mu.Lock()
		found := holds()
		if r.changed == nil {
			r.changed = make(chan struct{})
		}
		changed := r.changed
		r.mu.Unlock()
		if found {
			return
		}
		<-changed
	}
}

func (r *recorder) Result(data, _ kernel.MIMEBundle) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.results = append(r.results, data)
}

func (r *recorder) ClearOutput(bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.streams, r.displays, r.results = nil, nil, nil
	r.notify()
}

func (r *recorder) stdout() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.streams[wire.Stdout]
}

// shown returns the text of every display as it stands now.
func (r *recorder) shown() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.shownLocked()
}

func (r *recorder) shownLocked() string {
	var lines []string
	for _, d := range r.displays {
		lines = append(lines, textOf(d.Data))
	}
	return strings.Join(lines, "\n")
}

func textOf(data kernel.MIMEBundle) string {
	var s string
	if json.Unmarshal(data["text/plain"], &s) != nil {
		return "no text/plain"
	}
	return s
}

// cellError returns the error that a cell shows, and checks what front-ends
// ask of every one.
func cellError(t *testing.T, err error) *kernel.CellError {
	t.Helper()
	var e *kernel.CellError
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want a cell error", err)
	}
	if len(e.Traceback) == 0 || strings.ContainsRune(e.EValue, '\x1b') {
		t.Errorf("not a whole error: %+v", e)
	}
	return e
}
