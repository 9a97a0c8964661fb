// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
)

// TestLongTextIsWrittenAsItIs: the answer is the one that encoding/json makes,
// whatever the text holds, and what the statement keeps is left alone.
func TestLongTextIsWrittenAsItIs(t *testing.T) {
	for name, text := range map[string]string{
		"short": "x", "plain": "a line\n", "quotes": `\"<&>`, "beyond ASCII": "é𝄞\x00\u2028",
	} {
		t.Run(name, func(t *testing.T) {
			long, err := json.Marshal(strings.Repeat(text, longText))
			if err != nil {
				t.Fatal(err)
			}
			view := statementView{Code: "code", Output: &outputView{Status: "ok", Data: map[string]json.RawMessage{
				"text/plain": long, "text/html": long, "image/png": json.RawMessage(`"AAAA"`), "application/json": json.RawMessage(`[1, 2]`),
			}}}
			w := httptest.NewRecorder()
			writeStatement(w, http.StatusOK, view)
			var got, want statementView
			whole, err := json.Marshal(view)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(whole, &want); err != nil {
				t.Fatal(err)
			}
			if string(got.Output.Data["text/plain"]) != string(long) || got.Output.Data["application/json"] == nil {
				t.Error("the text is another")
			}
			decode := func(v statementView) (texts []string) {
				for _, mime := range []string{"text/plain", "text/html", "image/png"} {
					var s string
					if err := json.Unmarshal(v.Output.Data[mime], &s); err != nil {
						t.Error(err)
					}
					texts = append(texts, s)
				}
				return texts
			}
			if !reflect.DeepEqual(decode(got), decode(want)) || string(view.Output.Data["text/html"]) != string(long) {
				t.Error("the answer is another")
			}
			if n := w.Result().ContentLength; n != int64(w.Body.Len()) {
				t.Errorf("the length is %d, of %d", n, w.Body.Len())
			}
		})
	}
}

// TestBrokenTextIsNoAnswer: an engine that breaks its word breaks one answer.
func TestBrokenTextIsNoAnswer(t *testing.T) {
	x := strings.Repeat("x", longText)
	for _, raw := range []string{`"` + x, `"` + x + `\"`, `"` + x + `"y"`, `"` + x + `\\"" "`, `{"a":"` + x + `"`} {
		w := httptest.NewRecorder()
		writeStatement(w, http.StatusOK, statementView{Output: &outputView{Status: "ok", Data: map[string]json.RawMessage{"text/plain": json.RawMessage(raw)}}})
		if w.Code != http.StatusInternalServerError || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%.5s…%s: status %d", raw, raw[len(raw)-5:], w.Code)
		}
	}
}
