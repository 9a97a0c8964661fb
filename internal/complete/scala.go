// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package complete

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
)

var (
	scalaDefinition = lazyregexp.New(`\b(?:val|var|def|class|object|trait|type)\s+([\pL_$][\pL\pN\pM_$]*)`)
	scalaPattern    = lazyregexp.New(`\b(?:val|var)\s*\(([^()=]*)\)\s*=`)
	scalaImport     = lazyregexp.New(`\bimport\s+[\pL\pN_.$]+\.(\{[^}]*\}|[\pL_$][\pL\pN_$]*)`)
	scalaName       = lazyregexp.New(`[\pL_$][\pL\pN\pM_$]*`)
)

// learnScala adds what Scala code defines outside of braces.
func (ns names) learnScala(code string) {
	code = topLevel(blankScala(code))
	for _, at := range scalaDefinition.Get().FindAllStringSubmatchIndex(code, maxNames) {
		ns.add(code[at[2]:at[3]], oneLine(firstLine(code[at[0]:])))
	}
	for _, found := range scalaPattern.Get().FindAllStringSubmatch(code, maxNames) {
		for _, one := range scalaName.Get().FindAllString(found[1], -1) {
			ns.add(one, oneLine(found[0]))
		}
	}
	for _, found := range scalaImport.Get().FindAllStringSubmatch(code, maxNames) {
		for part := range strings.SplitSeq(strings.Trim(found[1], "{}"), ",") {
			if _, renamed, ok := strings.Cut(part, "=>"); ok {
				part = renamed
			}
			if part = strings.TrimSpace(part); part != "_" {
				ns.add(part, oneLine(found[0]))
			}
		}
	}
}

func (ns names) add(one, text string) {
	if one != "" && len(ns) < maxNames {
		ns[one] = name{text: text}
	}
}

// blankScala puts spaces in place of the comments and strings of Scala.
func blankScala(code string) string {
	out := []byte(code)
	for i := 0; i < len(code); {
		var end int
		switch rest := code[i:]; {
		case strings.HasPrefix(rest, "//"):
			end = i + len(firstLine(rest))
		case strings.HasPrefix(rest, "/*"):
			end = i + through(rest, "/*", "*/")
		case strings.HasPrefix(rest, `"""`):
			end = i + through(rest, `"""`, `"""`)
		case rest[0] == '"':
			end, _ = textEnd(code, i)
		default:
			i++
			continue
		}
		for ; i < end; i++ {
			if out[i] != '\n' {
				out[i] = ' '
			}
		}
	}
	return string(out)
}

// through returns the length of what begins text and reaches through its end.
func through(text, begin, end string) int {
	if i := strings.Index(text[len(begin):], end); i >= 0 {
		return len(begin) + i + len(end)
	}
	return len(text)
}

// topLevel blanks what lies within braces. Those of imports hold no braces of
// their own and are kept.
func topLevel(code string) string {
	out := []byte(code)
	depth, line := 0, 0
	for i := range out {
		switch {
		case out[i] == '\n':
			line = i + 1
			continue
		case out[i] == '{' && (depth > 0 || !strings.HasPrefix(strings.TrimLeft(code[line:i], " \t"), "import ")):
			depth++
		case out[i] == '}' && depth > 0:
			depth--
		case depth == 0:
			continue
		}
		out[i] = ' '
	}
	return string(out)
}

// SubjectScala returns the path of names that ends at the cursor: nothing but
// names, since only they can be looked at without effect.
func SubjectScala(code string, cursor int) (path []string, ok bool) {
	at := byteOffset(code, cursor)
	code = blankScala(code)
	end := at + nameLength(code[at:])
	start := end
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(code[:start])
		if !isNamePart(r) && r != '.' && r != '$' {
			break
		}
		start -= size
	}
	path = strings.Split(code[start:end], ".")
	for _, one := range path {
		if !scalaPlain.MatchString(one) || slices.Contains(scalaKeywords, one) {
			return nil, false
		}
	}
	return path, true
}

// scalaPlain matches a name that is no number and no operator.
var scalaPlain = lazyregexp.New(`^[\pL_$][\pL\pN\pM_$]*$`)
