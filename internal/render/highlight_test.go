// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
)

func TestHighlight(t *testing.T) {
	for _, c := range []struct {
		kind       livy.Kind
		line, want string
	}{
		{livy.KindPySpark, `    return trip["price"]  # no such`, `    <word return> trip[<text "price">]  <note # no such>`},
		{livy.KindPySpark, "a // b; defs = format", "a // b; defs = format"},
		{livy.KindPySpark, `x = 'it\'s' + "open`, `x = <text 'it\'s'> + "open`},
		{livy.KindSpark, "val n = 1 // if", "<word val> n = 1 <note // if>"},
		{livy.KindSpark, "a #:: if", "a #:: <word if>"},
		{livy.KindSQL, "select a--b from", "<word select> a<note --b from>"},
		{livy.KindSQL, "SELECT 'x' From t", "<word SELECT> <text 'x'> <word From> t"},
		{livy.KindSQL, "日本 -- é", "日本 <note -- é>"},
		{livy.KindPySpark, "", ""},
	} {
		coloured := highlight(c.line, c.kind)
		got := strings.NewReplacer("\x1b[1;32m", "<word ", "\x1b[0;33m", "<text ", "\x1b[2m", "<note ", "\x1b[0m", ">").Replace(coloured)
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.kind, got, c.want)
		}
		if Plain(coloured) != c.line {
			t.Errorf("%q is changed to %q", c.line, Plain(coloured))
		}
	}
}
