// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// event is a line that hooks.py writes.
type event struct {
	Event    string `json:"event"` // begin, end
	Source   string `json:"source"`
	Status   string `json:"status"`
	Expected bool   `json:"expected"` // the cell is tagged raises-exception
	Shown    string `json:"shown"`
}

// follow tells t what is written to the file at path until ended gives a
// value, which it returns. failed is the number of the cell that has failed and
// was not to; 0 for none.
func follow(path string, ended <-chan error, t *terminal) (failed int, result error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	c := cells{terminal: t}
	lines := bufio.NewReader(file)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	var partial string
	for over := false; ; {
		text, err := lines.ReadString('\n')
		partial += text
		if err == nil {
			c.tell(partial)
			partial = ""
			continue
		}
		if err != io.EOF {
			return c.failed, err
		}
		if over {
			return c.failed, result
		}
		select {
		case result = <-ended:
			over = true // what was written just before the end is still to be read
		case <-tick.C:
		}
	}
}

// cells tells how the cells go.
type cells struct {
	terminal *terminal
	number   int
	failed   int
	since    time.Time
}

func (c *cells) tell(line string) {
	var e event
	if json.Unmarshal([]byte(line), &e) != nil {
		return
	}
	if e.Event == "begin" {
		c.number++
		c.since = time.Now()
		fmt.Fprintf(c.terminal.out, "\n[%d] %s\n", c.number, title(e.Source))
		if c.number == 1 {
			c.terminal.line("starting a Spark session first …")
		}
		return
	}
	c.terminal.indented(e.Shown)
	how := "ok"
	switch {
	case e.Status != "ok" && e.Expected:
		how = "failed, as it should"
	case e.Status != "ok":
		how, c.failed = "failed", c.number
	}
	c.terminal.line("%s in %s", how, seconds(time.Since(c.since)))
}

// title is the first lines of a cell that say what it is.
func title(source string) string {
	lines := strings.SplitN(strings.TrimSpace(source), "\n", 3)
	shown := lines[0]
	if strings.HasPrefix(shown, "%%") && len(lines) > 1 {
		shown += " " + lines[1]
	}
	if r := []rune(shown); len(r) > 100 {
		shown = string(r[:99]) + "…"
	}
	return shown
}
