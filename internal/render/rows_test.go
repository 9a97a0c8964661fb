// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel"
)

// TestWhole makes of any bundle one that clients show and notebooks can hold.
func TestWhole(t *testing.T) {
	for name, c := range map[string]struct{ given, want string }{
		"text is added":       {`{"text/html":"<b>"}`, `{"text/html":"<b>","text/plain":"<text/html>"}`},
		"controls are left":   {`{"text/plain":"a\u001b[2Jb"}`, `{"text/plain":"ab"}`},
		"JSON under its name": {`{"application/x+json":{"a":1},"text/plain":"a"}`, `{"application/x+json":{"a":1},"text/plain":"a"}`},
		"JSON elsewhere":      {`{"application/x.json":{"a":1},"text/plain":"a"}`, `{"application/x.json":"{\"a\":1}","text/plain":"a"}`},
	} {
		t.Run(name, func(t *testing.T) {
			var data kernel.MIMEBundle
			if err := json.Unmarshal([]byte(c.given), &data); err != nil {
				t.Fatal(err)
			}
			var got, want map[string]json.RawMessage
			encoded, err := json.Marshal(Whole(data))
			if err != nil {
				t.Fatal(err)
			}
			if json.Unmarshal(encoded, &got) != nil || json.Unmarshal([]byte(c.want), &want) != nil {
				t.Fatal("not JSON")
			}
			if diff := cmp.Diff(texts(want), texts(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func texts(bundle map[string]json.RawMessage) map[string]string {
	said := make(map[string]string)
	for mime, raw := range bundle {
		if s, ok := textOf(raw); ok {
			said[mime] = s
			continue
		}
		said[mime] = "JSON " + string(raw)
	}
	return said
}
