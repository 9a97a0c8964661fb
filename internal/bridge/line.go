// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"html"

	"github.com/google/uuid"

	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
)

// line is a line of a cell's output that is updated in place.
type line struct {
	sink kernel.Sink
	id   string
	last string
}

// show publishes text if it is new. markup may be empty; where it is not, it
// says the same as text.
func (l *line) show(text, markup string) {
	if text == l.last || text == "" && !l.shown() {
		return
	}
	data := render.Text(text)
	if markup != "" {
		data = render.HTML(markup, text)
	}
	l.last = text
	if l.id == "" {
		l.id = uuid.NewString()
		l.sink.Display(kernel.Display{ID: l.id, Data: data})
		return
	}
	l.sink.UpdateDisplay(kernel.Display{ID: l.id, Data: data})
}

// gone takes note that what was published is not shown any more.
func (l *line) gone() { l.id, l.last = "", "" }

// shown reports whether anything was published yet.
func (l *line) shown() bool { return l.id != "" }

// end leaves nothing of the line, or the text where the line cannot be taken
// back: an empty output would be a gap in the notebook. As HTML it does not look
// as if the cell had printed it.
func (l *line) end(text string) {
	if !l.takeBack() && l.shown() {
		l.show(text, html.EscapeString(text))
	}
}

// takeBack leaves nothing of the line, if it can.
func (l *line) takeBack() bool {
	t, ok := l.sink.(*tidy)
	if !ok || !l.shown() || !t.take(l.id) {
		return false
	}
	l.gone()
	return true
}
