// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLongText: what is decoded by the short way is what encoding/json makes
// of the whole.
func TestLongText(t *testing.T) {
	long := strings.Repeat(`line \"1\" \\ \u00e9 \n`, longText/10)
	for name, doc := range map[string]string{
		"plain text":       `{"id": 1, "state": "available", "output": {"status": "ok", "data": {"text/plain": "` + long + `"}}}`,
		"two types":        `{"output":{"data":{"text/plain" : "` + long + `", "text/html":"<b>","a/b":"` + long + `x"}},"id":2}`,
		"long code":        `{"id": 1, "code": "` + long + `", "output": {"data": {"text/plain": "short"}}}`,
		"long key":         `{"output": {"data": {"a/` + long + `": "` + long + `"}}}`,
		"long list":        `{"output": {"data": {"application/json": ["` + long + `", "a/b", "` + long + `"]}}}`,
		"a value with a /": `{"code": "a/b", "output": {"evalue": "` + long + `"}}`,
		"its placeholder":  `{"output": {"data": {"text/plain": "\u00000", "a/b": "` + long + `"}}}`,
		"no string":        strings.Repeat(" ", longText),
		"no end":           `{"output": {"data": {"text/plain": "` + long,
		"a bad escape":     `{"output": {"data": {"text/plain": "` + long + `\x"}}}`,
		"bad hex":          `{"output": {"data": {"text/plain": "` + long + `\u00g0"}}}`,
		"a control":        `{"output": {"data": {"text/plain": "` + long + "\x01" + `"}}}`,
		"ends in escape":   `{"output": {"data": {"text/plain": "` + long + `\u00`,
	} {
		t.Run(name, func(t *testing.T) {
			var want, got Statement
			wantErr := json.Unmarshal([]byte(doc), &want)
			gotErr := answer{body: []byte(doc)}.decode(&got)
			if (gotErr == nil) != (wantErr == nil) {
				t.Fatalf("error %v, want %v", gotErr, wantErr)
			}
			if name == "its placeholder" { // a server that writes one gets its own text twice
				want.Output.Data["text/plain"] = want.Output.Data["a/b"]
			}
			if d := cmp.Diff(want, got); wantErr == nil && d != "" {
				t.Error(d[:min(len(d), 500)])
			}
		})
	}
}

// TestStringEndInSteps: what ends a string or breaks it is found at every place.
func TestStringEndInSteps(t *testing.T) {
	for c := range 256 {
		for at := range 16 {
			b := []byte("0123456789abcdef")
			b[at] = byte(c)
			doc := append(append([]byte{'"'}, b...), '"')
			want := len(doc)
			switch {
			case c == '"':
				want = at + 2
			case c < ' ' || c == '\\' && (at == 15 || !escapes[doc[at+2]]): // at 15 it takes the end away
				want = -1
			}
			if got := stringEnd(doc, 0); got != want {
				t.Errorf("stringEnd(%q) is %d, want %d", doc, got, want)
			}
		}
	}
}

func FuzzSetAside(f *testing.F) {
	f.Add(`{"a/b":"`, `\n"}`)
	f.Add(`{"output":{"data":{"text/plain": "\u0000`, `"}}}`)
	f.Fuzz(func(t *testing.T, before, after string) {
		doc := before + strings.Repeat("x", longText) + after
		var want, got json.RawMessage
		wantErr := json.Unmarshal([]byte(doc), &want)
		short, aside := setAside([]byte(doc))
		gotErr := json.Unmarshal(short, &got)
		if (gotErr == nil) != (wantErr == nil) {
			t.Fatalf("%.200q: error %v, want %v", doc, gotErr, wantErr)
		}
		whole := string(short)
		for i, text := range aside {
			whole = strings.Replace(whole, placeholder(i), string(text), 1)
		}
		if whole != doc && !strings.Contains(before+after, `"\u0000`) {
			t.Errorf("%.200q became %.200q", doc, whole)
		}
	})
}
