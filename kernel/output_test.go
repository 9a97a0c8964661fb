// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// I1: text is cut into messages of bounded size, never within a rune, however
// it was written.
func TestI1StreamChunks(t *testing.T) {
	text := strings.Repeat("a€", 5*maxStream/8) + strings.Repeat("😀", 10)
	for name, step := range map[string]int{"at once": len(text), "in pieces that cut runes": 65537} {
		t.Run(name, func(t *testing.T) {
			var got strings.Builder
			messages := 0
			e := newTestExecutor(nil, func(frames [][]byte) error {
				m, err := wire.NewSession(nil, "").Parse(frames)
				if err != nil {
					return err
				}
				var s wire.Stream
				if err := m.Decode(&s); err != nil {
					return err
				}
				if len(s.Text) > maxStream || strings.ContainsRune(s.Text, utf8.RuneError) {
					t.Errorf("a message of %d bytes, or with half a rune", len(s.Text))
				}
				got.WriteString(s.Text)
				messages++
				return nil
			})
			synctest.Test(t, func(t *testing.T) {
				out := &output{iopub: e.iopub, request: &request{Message: &wire.Message{RawHeader: []byte("{}")}}}
				for rest := text; rest != ""; {
					n := min(step, len(rest))
					out.Stream(wire.Stdout, rest[:n])
					rest = rest[n:]
					if len(rest)%3 == 0 { // now and then, held text is sent
						time.Sleep(2 * holdStream)
						synctest.Wait()
					}
				}
				out.close()
			})
			if got.String() != text {
				t.Errorf("%d bytes came of %d", got.Len(), len(text))
			}
			if most := len(text)/maxStream + len(text)/step/2 + 2; messages > most {
				t.Errorf("%d messages, want at most %d", messages, most)
			}
		})
	}
}

func TestRuneBorder(t *testing.T) {
	for text, want := range map[string]int{
		"":                     0,
		"ab":                   2,
		"aé":                   3,
		"a\xc3":                1,
		"a\xf0\x9f\x98":        1,
		"😀":                    4,
		"\xe2\x82":             0,
		"\x80\x80\x80\x80\x80": 5, // not UTF-8: nothing to wait for
		"a\xff":                2,
	} {
		if got := runeBorder([]byte(text), len(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

// Nothing follows the end of a cell.
func TestO2OutputAfterCloseIsDropped(t *testing.T) {
	e := newTestExecutor(nil, discard)
	out := &output{iopub: e.iopub, request: &request{Message: &wire.Message{RawHeader: []byte("{}")}}}
	out.Result(MIMEBundle{"text/plain": []byte(`"42"`)}, nil)
	if got := out.close(); got != "42" {
		t.Errorf("plain text of the result: %q", got)
	}
	out.Stream(wire.Stdout, "late")
	if len(out.text) != 0 || out.timer != nil {
		t.Error("late text is held")
	}
}
