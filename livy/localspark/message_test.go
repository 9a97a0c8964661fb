// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func TestReadAnswers(t *testing.T) {
	cases := []struct {
		name, lines string
		want        []string // types
		fails       bool
	}{
		{"nothing", "", nil, false},
		{"in order", "{\"type\":\"ready\"}\n\n{\"type\":\"output\",\"id\":1}\n", []string{"ready", "output"}, false},
		{"unknown keys", "{\"type\":\"ready\",\"later\":[1]}\n", []string{"ready"}, false},
		{"cut off by the driver's death", "{\"type\":\"ready\"}\n{\"type\":\"out", []string{"ready"}, false},
		{"not JSON", "{\"type\":\"ready\"}\nhello\n{\"type\":\"output\"}\n", []string{"ready"}, true},
		{"of another shape", "{\"type\":1}\n", nil, true},
		{"longer than any buffer", "{\"type\":\"" + strings.Repeat("x", 1<<20) + "\"}\n", []string{strings.Repeat("x", 1<<20)}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			err := readAnswers(iotest.HalfReader(strings.NewReader(c.lines)), func(a answer) { got = append(got, a.Type) })
			if diff := cmp.Diff(c.want, got); diff != "" || (err != nil) != c.fails {
				t.Errorf("error %v, types differ: %s", err, diff)
			}
		})
	}
	broken := errors.New("broken")
	if err := readAnswers(iotest.ErrReader(broken), func(answer) {}); !errors.Is(err, broken) {
		t.Errorf("a broken pipe gives %v", err)
	}
}

func TestReadAnswersTakesOutput(t *testing.T) {
	var got answer
	line := `{"type":"output","id":3,"output":{"status":"error","ename":"E","evalue":"v","traceback":["a\n"]}}` + "\n"
	if err := readAnswers(strings.NewReader(line), func(a answer) { got = a }); err != nil {
		t.Fatal(err)
	}
	o := got.Output
	if o.Status != "error" || o.EName != "E" || o.EValue != "v" || len(o.Traceback) != 1 {
		t.Errorf("the output is %+v", o)
	}
}

func FuzzReadAnswers(f *testing.F) {
	f.Add([]byte("{\"type\":\"output\",\"id\":1,\"output\":{\"status\":\"ok\",\"data\":{\"text/plain\":\"\"}}}\n"))
	f.Add([]byte("null\n[]\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		answers := 0
		_ = readAnswers(bytes.NewReader(b), func(answer) { answers++ }) // any error will do
		if answers > bytes.Count(b, []byte("\n")) {
			t.Errorf("%d answers in %q", answers, b)
		}
	})
}

func TestReadLog(t *testing.T) {
	var got []string
	long := strings.Repeat("x", maxLogLine)
	readLog(io.MultiReader(strings.NewReader("a\r\n\nb \xff\n"+long+"y\nlast")), func(line string) { got = append(got, line) })
	if diff := cmp.Diff([]string{"a", "", "b \uFFFD", long, "y", "last"}, got); diff != "" {
		t.Error(diff)
	}
}
