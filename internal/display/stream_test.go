// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package display

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// joined is items with neighbouring texts in one.
func joined(items []Item) []Item {
	var all []Item
	for _, item := range items {
		if n := len(all); n > 0 && item.Frame == nil && all[n-1].Frame == nil {
			all[n-1].Text += item.Text
			continue
		}
		all = append(all, item)
	}
	return all
}

// pieces streams text in pieces of that size.
func pieces(text string, size int) []Item {
	s := NewStream(nonce)
	var items []Item
	for len(text) > size {
		items = append(items, s.Add(text[:size])...)
		text = text[size:]
	}
	return append(append(items, s.Add(text)...), s.End()...)
}

// TestStream takes any pieces of a text apart as the whole.
func TestStream(t *testing.T) {
	shown := frame(`{"type":"display_data","data":{"text/html":"x"}}`)
	for _, text := range []string{
		"a\nb", "a" + shown + "b\n" + shown + shown, nonce + `{"type":` + shown + "é", strings.TrimSpace(shown),
		"livy-kernel-TES\nlivy-kernel-" + shown, nonce[:5] + nonce, nonce,
	} {
		for size := 1; size <= len(text); size++ {
			if diff := cmp.Diff(joined(Parse(text, nonce)), joined(pieces(text, size))); diff != "" {
				t.Fatalf("%q in pieces of %d: %s", text, size, diff)
			}
		}
	}
}

// TestStreamHoldsNothingBack that is text for certain.
func TestStreamHoldsNothingBack(t *testing.T) {
	s := NewStream(nonce)
	for _, c := range []struct{ text, want string }{
		{"a", "a"}, {"b" + nonce[:3], "b"}, {"x", nonce[:3] + "x"}, {nonce, ""}, {`{"type":"clear_output"}`, ""}, {"\nc", "clear_output|c"}, {"d\n", "d\n"},
	} {
		var got []string
		for _, item := range s.Add(c.text) {
			if item.Frame != nil {
				item.Text = string(item.Frame.Type)
			}
			got = append(got, item.Text)
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
	if items := NewStream("").Add(nonce); len(items) != 1 {
		t.Errorf("without a nonce: %v", items)
	}
}

// FuzzStream holds the pieces to the whole.
func FuzzStream(f *testing.F) {
	f.Add("a"+frame(`{"type":"display_data","data":{"a/b":1}}`)+"b", 3)
	f.Add(nonce[:4]+nonce+"{", 1)
	f.Fuzz(func(t *testing.T, text string, size int) {
		if size < 1 {
			return
		}
		if diff := cmp.Diff(joined(Parse(text, nonce)), joined(pieces(text, size))); diff != "" {
			t.Fatal(diff)
		}
	})
}
