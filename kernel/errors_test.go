// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The errors that the kernel itself words, beside those of the golden messages.
func TestGoldenErrors(t *testing.T) {
	interrupted, interrupt := context.WithCancelCause(t.Context())
	interrupt(ErrInterrupted)
	ending, stop := context.WithCancelCause(t.Context())
	stop(ErrShutdown)
	full := newQueue()
	closed := newQueue()
	closed.close()
	huge := &request{size: maxQueued + 1}
	var b strings.Builder
	for _, c := range []struct {
		name string
		err  error
	}{
		{"a cell that does not end", stillRunning(interruptPatience)},
		{"a cell that does not end at the kernel's end", stillRunning(shutdownPatience)},
		{"an interrupted cell", interruptedError(interrupted, context.Canceled)},
		{"a cell at the kernel's end", interruptedError(ending, context.Canceled)},
		{"a full queue", full.push(huge)},
		{"a request after the end", closed.push(huge)},
		{"no stdin", inputRefused("the front-end has no connection to stdin")},
		{"a fault of the backend", errors.New("no such table")},
		{"an error that the backend words", &CellError{EName: "Broken", EValue: "it is", Traceback: []string{"Broken: it is", "as told"}}},
	} {
		e := errorContent(c.err, Info{Implementation: "echo", ImplementationVersion: "1.2.3", Explain: func(ename string) string {
			if ename == keyboardInterrupt {
				return ""
			}
			return "more of " + ename
		}})
		fmt.Fprintf(&b, "%s\n  %s: %s\n", c.name, e.EName, e.EValue)
		for _, line := range e.Traceback[1:] {
			fmt.Fprintf(&b, "  %s\n", line)
		}
	}
	want, err := os.ReadFile("testdata/errors.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s\nnow it is:\n%s", diff, b.String())
	}
}
