// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"maps"
	"net/http"
	"strings"
)

// printed is what a statement has printed so far. The session's mutex guards
// it.
type printed struct {
	text strings.Builder
	more chan struct{} // Closed and renewed when text grows.
}

// add appends text, and lets go of those who wait for it.
func (p *printed) add(text string) {
	if text == "" {
		return
	}
	p.text.WriteString(strings.ToValidUTF8(text, "\uFFFD")) // offsets are to mean the same to clients
	close(p.more)
	p.more = make(chan struct{})
}

// any reports whether the statement printed something while it ran.
func (p *printed) any() bool { return p.text.Len() > 0 }

// printedView is what was printed from an offset on.
type printedView struct {
	From int    `json:"from"` // in bytes of UTF-8
	Text string `json:"text"`
}

// unasked is the offset of a client that does not ask for what was printed.
const unasked = -1

// printedFrom returns the offset from which on a client wants to be told what
// a statement has printed, by "Prefer: printed=OFFSET", and unasked where it
// does not. A client that knows nothing of this sees the API as it is.
func (s *Server) printedFrom(w http.ResponseWriter, r *http.Request) int {
	from, asked := preference(r, "printed")
	if !s.hold || !asked {
		return unasked
	}
	w.Header().Add("Preference-Applied", "printed")
	return from
}

// viewFrom is the view with what was printed from there on. What is told so is
// not told again by the output.
func (st *statement) viewFrom(from int) statementView {
	v := st.view()
	if from == unasked || !st.printed.any() {
		return v
	}
	text := st.printed.text.String()
	from = min(from, len(text))
	v.Printed = &printedView{From: from, Text: text[from:]}
	if v.Output != nil && v.Output.errorView == nil {
		v.Output.Data = maps.Clone(v.Output.Data)
		delete(v.Output.Data, "text/plain")
	}
	return v
}
