// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// terminal writes plain lines, so that a log file reads as well as a screen.
type terminal struct{ out io.Writer }

func (t *terminal) head(text string) { fmt.Fprintf(t.out, "\n== %s\n", text) }

func (t *terminal) line(format string, args ...any) { fmt.Fprintf(t.out, "   "+format+"\n", args...) }

// step tells that a step of the set-up has begun or ended.
func (t *terminal) step(name string, elapsed time.Duration, done bool) {
	if done {
		t.line("%s: done in %s", name, seconds(elapsed))
	} else {
		t.line("%s …", name)
	}
}

// indented writes the text that a cell showed.
func (t *terminal) indented(text string) {
	for line := range strings.Lines(strings.TrimRight(text, "\n")) {
		fmt.Fprintf(t.out, "      %s\n", strings.TrimRight(line, "\n"))
	}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
