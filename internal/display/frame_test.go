// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package display

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel"
)

const nonce = "livy-kernel-TEST:"

func frame(line string) string { return nonce + line + "\n" }

func html(markup string) *Frame {
	return &Frame{Type: DisplayData, Data: kernel.MIMEBundle{"text/html": json.RawMessage(`"` + markup + `"`)}}
}

// TestParse keeps the order of text and outputs, and loses nothing.
func TestParse(t *testing.T) {
	shown := frame(`{"type":"display_data","data":{"text/html":"x"}}`)
	for name, c := range map[string]struct {
		text string
		want []Item
	}{
		"text alone":            {"a\nb", []Item{{Text: "a\nb"}}},
		"nothing":               {"", nil},
		"in order":              {"a\n" + shown + "b\n", []Item{{Text: "a\n"}, {Frame: html("x")}, {Text: "b\n"}}},
		"within a line":         {"a" + shown + "b", []Item{{Text: "a"}, {Frame: html("x")}, {Text: "b"}}},
		"stripped at the end":   {strings.TrimSpace(shown), []Item{{Frame: html("x")}}},
		"one after the other":   {shown + shown, []Item{{Frame: html("x")}, {Frame: html("x")}}},
		"another nonce":         {"livy-kernel-OTHER:{}\n", []Item{{Text: "livy-kernel-OTHER:{}\n"}}},
		"cut":                   {"a\n" + shown[:len(shown)-9], []Item{{Text: "a\n" + shown[len(nonce):len(shown)-9]}}},
		"no type we know":       {frame(`{"type":"later"}`) + "b", []Item{{Text: "{\"type\":\"later\"}\nb"}}},
		"without data":          {frame(`{"type":"display_data"}`), []Item{{Text: "{\"type\":\"display_data\"}\n"}}},
		"another thread's":      {nonce + `{"type":` + shown, []Item{{Text: `{"type":`}, {Frame: html("x")}}},
		"stored and to be shut": {frame(`{"type":"stored","key":3}`) + frame(`{"type":"flush"}`), []Item{{Frame: &Frame{Type: Stored, Key: 3}}, {Frame: &Frame{Type: AtEnd}}}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, Parse(c.text, nonce)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if got := Parse(shown, ""); len(got) != 1 || got[0].Text != shown {
		t.Errorf("without a nonce: %+v", got)
	}
}

// FuzzParse loses no text beside the frames, and returns no frame that cannot
// be shown.
func FuzzParse(f *testing.F) {
	f.Add("a" + frame(`{"type":"display_data","data":{"a/b":1}}`) + "b")
	f.Add(nonce + nonce + "{")
	f.Add(frame(`{"type":"stored","key":-1}`))
	f.Fuzz(func(t *testing.T, text string) {
		var kept strings.Builder
		size := 0
		for i, item := range Parse(text, nonce) {
			switch {
			case item.Frame == nil && item.Text == "":
				t.Fatalf("item %d is nothing", i)
			case item.Frame == nil:
				kept.WriteString(item.Text)
			case item.Frame.Type == DisplayData && len(item.Frame.Data) == 0:
				t.Fatalf("item %d shows nothing", i)
			default:
				size++
			}
		}
		if want := strings.ReplaceAll(text, nonce, ""); size == 0 && kept.String() != want {
			t.Fatalf("text %q, want %q", kept.String(), want)
		}
	})
}
