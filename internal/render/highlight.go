// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package render

import (
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/livy"
)

// part matches what is coloured in a line of code, whatever its language: texts,
// comments, names and numbers. A text over several lines is not known as one.
var part = lazyregexp.New(`"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|#.*|//.*|--.*|[\pL_][\pL\pN_]*|\d[\d_.]*`)

// keywords of the languages, SQL's in capitals.
const (
	pythonWords = " and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield None True False "
	scalaWords  = " abstract case catch class def do else extends final finally for if implicit import lazy match new null object override package private protected return sealed super this throw trait try type val var while with yield true false "
	sqlWords    = " ALL AND ANY AS ASC BETWEEN BY CASE CAST CREATE CROSS DELETE DESC DISTINCT DROP ELSE END EXISTS FALSE FROM FULL GROUP HAVING IN INNER INSERT INTO IS JOIN LEFT LIKE LIMIT NOT NULL ON OR ORDER OUTER OVER PARTITION RIGHT SELECT SEMI SET TABLE TEMP THEN TRUE UNION UPDATE USING VALUES VIEW WHEN WHERE WITH "
)

// maxHighlight bounds the lines that are coloured, in bytes.
const maxHighlight = 500

// highlight colours a line of code as front-ends do: keywords, texts and comments.
func highlight(line string, kind livy.Kind) string {
	if len(line) > maxHighlight {
		return line
	}
	words, comment := pythonWords, "#"
	switch kind {
	case livy.KindSpark:
		words, comment = scalaWords, "//"
	case livy.KindSQL:
		words, comment = sqlWords, "--"
	}
	var b strings.Builder
	for line != "" {
		at := part.Get().FindStringIndex(line)
		if at == nil {
			break
		}
		b.WriteString(line[:at[0]])
		found := line[at[0]:at[1]]
		line = line[at[1]:]
		word := found
		if kind == livy.KindSQL {
			word = strings.ToUpper(found)
		}
		switch {
		case strings.HasPrefix(found, comment):
			b.WriteString(dim(found))
		case strings.HasPrefix(found, "#") || strings.HasPrefix(found, "//") || strings.HasPrefix(found, "--"): // another language's comment
			sign := len(found) - len(strings.TrimLeft(found, found[:1]))
			b.WriteString(found[:sign])
			line = found[sign:] // it went to the end of the line
		case found[0] == '"' || found[0] == '\'':
			b.WriteString("\x1b[0;33m" + found + "\x1b[0m")
		case strings.Contains(words, " "+word+" "):
			b.WriteString("\x1b[1;32m" + found + "\x1b[0m")
		default:
			b.WriteString(found)
		}
	}
	return b.String() + line
}
