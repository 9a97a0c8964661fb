// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestCallsKeepTheNewest(t *testing.T) {
	c := newCalls(io.Discard)
	statement, forget := c.listen("run", 1)
	completion, _ := c.listen("complete", 1)
	for _, p := range []float64{0.1, 0.2, 0.3} {
		c.take(answer{Type: "progress", ID: 1, Progress: p})
	}
	c.take(answer{Type: "candidates", ID: 1, Candidates: []string{"x"}})
	c.take(answer{Type: "progress", ID: 2})
	c.take(answer{Type: "output", ID: 1})
	if a := <-statement; a.Progress != 0.3 {
		t.Errorf("the progress is %v", a.Progress)
	}
	if a := <-statement; a.Type != "output" {
		t.Errorf("after it comes %q", a.Type)
	}
	if a := <-completion; len(a.Candidates) != 1 {
		t.Errorf("the candidates are %q", a.Candidates)
	}
	forget()
	c.take(answer{Type: "output", ID: 1})
	if len(statement) != 0 {
		t.Error("an answer came to a statement that nobody waits for")
	}
}

// TestCallsLoseNothingPrinted: all of it is heard, in order, before the output.
func TestCallsLoseNothingPrinted(t *testing.T) {
	c := newCalls(io.Discard)
	output, _ := c.listen("run", 1)
	var heard strings.Builder
	forget := c.hear(1, func(text string) {
		if len(output) > 0 {
			t.Errorf("%q comes after the output", text)
		}
		heard.WriteString(text)
	})
	for _, text := range []string{"a", "b", "c", "d"} {
		c.take(answer{Type: "printed", ID: 1, Text: text})
		c.take(answer{Type: "printed", ID: 2, Text: "another's"})
	}
	c.take(answer{Type: "output", ID: 1})
	forget()
	c.take(answer{Type: "printed", ID: 1, Text: "of nobody"})
	if a := <-output; a.Type != "output" || heard.String() != "abcd" {
		t.Errorf("heard %q, then %q", heard.String(), a.Type)
	}
}

func TestCallsWriteLines(t *testing.T) {
	var written strings.Builder
	c := newCalls(&written)
	if err := c.send(request{Type: "complete", ID: 1, Code: "a\nb"}); err != nil {
		t.Fatal(err)
	}
	// The driver wants code and cursor also where they are empty.
	if want := `{"type":"complete","id":1,"code":"a\nb","cursor":0}` + "\n"; written.String() != want {
		t.Errorf("wrote %q, want %q", written.String(), want)
	}
	_, w := io.Pipe()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := newCalls(w).send(request{}); !errors.Is(err, errDriverEnded) {
		t.Errorf("a closed pipe gives %v", err)
	}
}
