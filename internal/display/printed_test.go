// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package display

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// part is a line of the log.
func part(group string, at int, text string) string {
	return fmt.Sprintf("%s{\"group\":%q,\"at\":%d,\"text\":%q}", nonce, group, at, text)
}

// TestPrinted puts a statement's lines together, each once, up to the first one
// that the log has lost.
func TestPrinted(t *testing.T) {
	p := NewPrinted(nonce, "7")
	for _, c := range []struct {
		lines []string
		want  string
	}{
		{nil, ""},
		{[]string{"stdout: ", "INFO Executor", part("6", 0, "another's"), part("7", 0, "é\n"), part("7", 2, "b")}, "é\nb"},
		{[]string{part("7", 2, "b"), part("7", 3, "c"), nonce + "{torn", "WARN " + part("7", 4, "no")}, "c"},
		{[]string{part("7", 4, "d")}, "d"},
		{[]string{part("7", 9, "after a gap")}, ""},
		{[]string{part("7", 5, "e")}, ""},
	} {
		if got := p.Add(c.lines); got != c.want {
			t.Errorf("%q: %q, want %q", c.lines, got, c.want)
		}
	}
}

// TestLive runs cells in the stand-in for Livy's interpreter, each of which goes
// on only when the log has what it has printed.
func TestLive(t *testing.T) {
	run := shell(t, "livy")
	run(Live())
	run(Live()) // of another kernel
	run("import livy_log as log")
	for _, c := range []struct{ name, code, want string }{
		{"a line", "print('a é'); log.wait('a é\\n')", "a é\n"},
		{"pieces", "for i in range(3): print(i); log.wait('%d\\n' % i)", "0\n1\n2\n"},
		{"long text", "print('x' * 10000); log.wait('x\\n')", strings.Repeat("x", 10000) + "\n"},
		{"a frame", "display(5); log.wait('}\\n')", nonce + `{"data":{"text/plain":"5"},"metadata":{},"display_id":"","type":"display_data"}` + "\n"},
		{"up to a large frame", "print('a'); display('y' * 20000); print('b'); log.wait('a\\n')", "a\n"},
		{"not too much", "print('z' * 2000000, end=''); print('a')", ""},
		{"bytes", "import sys; sys.stdout.write(b'b'); log.wait('b')", "b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			run("log.lines.clear(); log.group = '3'")
			if shown, _ := run(c.code); strings.Contains(strings.Join(shown, ""), "Error") {
				t.Fatal(shown)
			}
			run("log.group = None; lines = list(log.lines)")
			_, data := run("%json lines")
			var answer struct {
				Lines []string `json:"application/json"`
			}
			if err := json.Unmarshal([]byte(data), &answer); err != nil {
				t.Fatal(err)
			}
			if got := NewPrinted(nonce, "3").Add(answer.Lines); got != c.want {
				t.Errorf("%.200q, want %.200q", got, c.want)
			}
		})
	}
}
