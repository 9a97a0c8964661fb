// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package complete

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// SQLPlace is what stands around a cursor in SQL.
type SQLPlace struct {
	Prefix     string   // the beginning of a name before the cursor, with its backquote
	Start, End int      // of the prefix, in code points
	Nowhere    bool     // in a comment or a string
	Qualifier  []string // the names before the dot before the prefix
	WantsTable bool     // behind FROM and the like
	Tables     []Table  // that the statement names
}

// Table is a table of a statement.
type Table struct {
	Name  []string // its parts, without backquotes
	Alias string   // may be empty
}

// sqlToken is a piece of SQL.
type sqlToken struct {
	text     string
	from, to int
	word     bool // a name or a keyword, quoted or not
	dead     bool // a string, or a comment that reaches the end of the code
}

// name returns a word without backquotes.
func (t sqlToken) name() string {
	if strings.HasPrefix(t.text, "`") {
		return strings.ReplaceAll(strings.TrimSuffix(t.text[1:], "`"), "``", "`")
	}
	return t.text
}

// is reports whether a token is one of these keywords or signs.
func (t sqlToken) is(words ...string) bool { return slices.Contains(words, strings.ToUpper(t.text)) }

// plain reports whether a token is a name and no keyword.
func (t sqlToken) plain() bool {
	return t.word && (strings.HasPrefix(t.text, "`") || !slices.Contains(sqlKeywords, strings.ToUpper(t.text)))
}

// sqlTokens takes SQL apart; it takes any text.
func sqlTokens(code string) []sqlToken {
	var out []sqlToken
	for i := 0; i < len(code); {
		t := sqlToken{from: i}
		rest := code[i:]
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case strings.ContainsRune(" \t\r\n", r):
			i += size
			continue
		case strings.HasPrefix(rest, "--"):
			t.to, t.dead = i+len(firstLine(rest)), true
		case strings.HasPrefix(rest, "/*"):
			t.to, t.dead = i+through(rest, "/*", "*/"), true
		case r == '\'' || r == '"':
			t.to, t.dead = i+sqlTextLength(rest), true
		case r == '`':
			t.to, t.word = i+through(rest, "`", "`"), true
		case isNamePart(r):
			t.to, t.word = i+nameLength(rest), true
		default:
			t.to = i + size
		}
		i = t.to
		t.text = code[t.from:t.to]
		if comment := t.dead && r != '\'' && r != '"'; comment && (t.to < len(code) || strings.HasSuffix(t.text, "*/")) {
			continue
		}
		out = append(out, t)
	}
	return out
}

// sqlTextLength returns the length of the string that text begins with.
func sqlTextLength(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[0]:
			return i + 1
		}
	}
	return len(text)
}

// SQLPlaceIn finds the place of a cursor, in code points, in SQL.
func SQLPlaceIn(code string, cursor int) SQLPlace {
	text := code[:byteOffset(code, cursor)]
	p := SQLPlace{Start: cursor, End: cursor}
	ts := sqlTokens(text)
	if n := len(ts); n > 0 && ts[n-1].to == len(text) {
		last := ts[n-1]
		closed := len(last.text) > 1 && (strings.HasSuffix(last.text, "'") || strings.HasSuffix(last.text, `"`))
		switch {
		case last.dead && !closed:
			p.Nowhere = true
			return p
		case last.word && (len(last.text) == 1 || last.text[0] != '`' || !strings.HasSuffix(last.text, "`")):
			p.Prefix, ts = last.text, ts[:n-1]
		}
	}
	p.Start = cursor - utf8.RuneCountInString(p.Prefix)
	at := len(ts)
	for at > 1 && ts[at-1].is(".") && ts[at-2].word && len(p.Qualifier) < maxPath {
		p.Qualifier = append([]string{ts[at-2].name()}, p.Qualifier...)
		at -= 2
	}
	p.WantsTable = at > 0 && tableSpots(ts)[at-1]
	p.Tables = tablesOf(statementAt(code, len(text)))
	return p
}

// tableSpots tells for each token whether the name of a table comes behind it.
func tableSpots(ts []sqlToken) []bool {
	spots := make([]bool, len(ts))
	listing := false // the tables of a FROM
	for i, t := range ts {
		switch {
		case t.is("FROM"):
			spots[i], listing = true, true
		case t.is(","):
			spots[i] = listing
		case t.is("DESCRIBE", "DESC"): // not that of ORDER BY
			spots[i], listing = i == 0 || ts[i-1].is(";"), false
		case t.is("JOIN", "INTO", "TABLE", "UPDATE", "VIEW"):
			spots[i], listing = true, false
		case !t.plain() && !t.is(".", "AS"):
			listing = false
		}
	}
	return spots
}

// maxPath is of how many parts a name may be.
const maxPath = 4

// statementAt returns the tokens of the statement around a byte of code.
func statementAt(code string, at int) []sqlToken {
	ts := sqlTokens(code)
	start := 0
	for i, t := range ts {
		if !t.is(";") {
			continue
		}
		if t.from >= at {
			return ts[start:i]
		}
		start = i + 1
	}
	return ts[start:]
}
