// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import "strings"

// overwritten returns s as a terminal shows it in the end: what a progress bar
// wrote over by carriage returns and backspaces is gone. Output that arrives
// whole would otherwise hold every step of the bar, and an export shows them
// all.
func overwritten(s string) string {
	if strings.IndexByte(s, '\r') < 0 && strings.IndexByte(s, '\b') < 0 { // faster than ContainsAny
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = lastState(strings.TrimRight(line, "\r"))
	}
	return strings.Join(lines, "\n")
}

// lastState is a line as it stands at the end. With colour in it, whose columns
// are not its characters, that is what follows the last carriage return.
func lastState(line string) string {
	if !strings.ContainsAny(line, "\r\b") {
		return line
	}
	if strings.Contains(line, "\x1b") {
		return strings.ReplaceAll(line[strings.LastIndexByte(line, '\r')+1:], "\b", "")
	}
	var shown []rune
	at := 0
	for _, r := range line {
		switch {
		case r == '\r':
			at = 0
		case r == '\b':
			at = max(0, at-1)
		case at < len(shown):
			shown[at] = r
			at++
		default:
			shown = append(shown, r)
			at++
		}
	}
	return string(shown)
}
