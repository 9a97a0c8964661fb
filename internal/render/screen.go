// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import "strings"

// Screen turns printed text that comes piece by piece into what a notebook's
// stdout is to be sent: filtered as by Stream, and of each line that is written
// over, as progress bars do, the state that it has when its piece has come. A
// notebook shows in the end what the program's own terminal would, and its file
// does not fill up with every step.
type Screen struct {
	raw   string // the line that has not ended, as far as its state needs it
	shown string // its state, as it was sent
	torn  string // the beginning of a control sequence
}

// Add returns what to send now that text has come.
func (s *Screen) Add(text string) string {
	text = s.torn + text
	cut := tornAt(text)
	text, s.torn = text[:cut], text[cut:]
	return s.put(Stream(text))
}

// Break returns what to send before something else than text is shown. What
// comes then begins a line of its own.
func (s *Screen) Break() string {
	sent, _ := s.flush()
	return sent
}

// End returns what to send when nothing more comes, which ends the last line.
func (s *Screen) End() string {
	sent, within := s.flush()
	if within {
		sent += "\n"
	}
	return sent
}

func (s *Screen) flush() (sent string, within bool) {
	sent = s.put(Stream(s.torn))
	within = s.shown != ""
	*s = Screen{}
	return sent, within
}

// Within reports whether a line has begun and not ended.
func (s *Screen) Within() bool { return s.shown != "" || s.torn != "" }

func (s *Screen) put(text string) string {
	var sent strings.Builder
	for {
		line, rest, ended := strings.Cut(text, "\n")
		s.raw = s.write(&sent, s.raw+line, ended)
		if !ended {
			return sent.String()
		}
		sent.WriteByte('\n')
		s.raw, s.shown = "", ""
		text = rest
	}
}

// write sends the state of a line in the place of the one that was sent before,
// and returns the least that has the same meaning for what follows.
func (s *Screen) write(sent *strings.Builder, raw string, ended bool) string {
	state := lastState(strings.TrimRight(raw, "\r"))
	if more, ok := strings.CutPrefix(state, s.shown); ok {
		sent.WriteString(more)
	} else {
		sent.WriteString("\r" + state)
	}
	s.shown = state
	at := strings.LastIndexByte(raw, '\r')
	if ended || at < 0 {
		return raw
	}
	return lastState(strings.TrimRight(raw[:at], "\r")) + raw[at:]
}

// maxTorn is how far from the end of a text a control sequence is looked for
// that has begun and not ended; what is longer is none that is kept.
const maxTorn = 64

// tornAt returns where the control sequence begins that text ends within.
func tornAt(text string) int {
	from := max(0, len(text)-maxTorn)
	at := strings.LastIndexByte(text[from:], 0x1b)
	if at < 0 {
		return len(text)
	}
	at += from
	intro, n := introducer(text[at:], 0x1b, 1)
	switch {
	case intro == 0x1b: // ESC alone, or with what comes between it and its end
		if at+n == len(text) {
			return at
		}
	case intro == '[':
		if end, _ := csi(text, at+n); end == len(text) && (end == at+n || text[end-1] < 0x40) {
			return at
		}
	case isStringCommand(intro):
		if end, ok := stringEnd(text, at+n); !ok && end == len(text) {
			return at
		}
	}
	return len(text)
}
