// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package complete

import (
	"maps"
	"slices"
	"strings"
)

// tablesOf returns the tables that a statement names, and its common table
// expressions.
func tablesOf(ts []sqlToken) []Table {
	var tables []Table
	spots := tableSpots(ts)
	for i := 0; i < len(ts); i++ {
		if !spots[i] {
			continue
		}
		aliased := ts[i].is("FROM", "JOIN", "UPDATE", ",")
		i = passOver(ts, i+1)
		var one Table
		for i < len(ts) && ts[i].plain() {
			one.Name = append(one.Name, ts[i].name())
			if i+1 >= len(ts) || !ts[i+1].is(".") {
				break
			}
			i += 2
		}
		if len(one.Name) == 0 {
			i--
			continue
		}
		if aliased && i+1 < len(ts) && ts[i+1].is("AS") {
			i++
		}
		if aliased && i+1 < len(ts) && ts[i+1].plain() {
			one.Alias = ts[i+1].name()
			i++
		}
		tables = append(tables, one)
	}
	return tables
}

// passOver returns the index behind words that may stand before a table's name.
func passOver(ts []sqlToken, i int) int {
	for i < len(ts) && ts[i].is("TABLE", "IF", "NOT", "EXISTS", "EXTENDED", "FORMATTED") {
		i++
	}
	return i
}

// learnSQL adds the tables that SQL makes or uses.
func (ns names) learnSQL(code string) {
	for _, table := range tablesOf(sqlTokens(code)) {
		if len(ns) < maxNames {
			ns[strings.Join(table.Name, ".")] = name{}
		}
	}
}

// SQL returns what the text of the notebook knows to fit a place: tables first
// where one is wanted, else functions and keywords.
func (n *Notebook) SQL(p SQLPlace) []string {
	if p.Nowhere {
		return nil
	}
	known := slices.Collect(maps.Keys(n.with(n.tables)))
	for _, table := range p.Tables {
		known = append(known, table.Alias, strings.Join(table.Name, "."))
	}
	known = slices.DeleteFunc(known, func(one string) bool { return strings.EqualFold(one, strings.Trim(p.Prefix, "`")) })
	if p.Qualifier != nil {
		var within []string
		for _, one := range known {
			if rest, ok := strings.CutPrefix(one, strings.Join(p.Qualifier, ".")+"."); ok {
				within = append(within, rest)
			}
		}
		return MatchingSQL(within, p.Prefix)
	}
	found := MatchingSQL(known, p.Prefix)
	switch {
	case p.WantsTable:
		return found
	case p.Prefix == "":
		return nil
	}
	lower := p.Prefix == strings.ToLower(p.Prefix)
	for _, words := range [][]string{sqlFunctions, sqlKeywords} {
		for _, one := range MatchingSQL(words, p.Prefix) {
			if lower {
				one = strings.ToLower(one)
			} else {
				one = strings.ToUpper(one)
			}
			if !slices.Contains(found, one) && one != p.Prefix {
				found = append(found, one)
			}
		}
	}
	return found
}

// MatchingSQL returns the names that begin with prefix, whatever their case,
// in alphabetical order and with the backquotes that they need.
func MatchingSQL(names []string, prefix string) []string {
	var found []string
	bare, quoted := strings.CutPrefix(prefix, "`")
	for _, one := range names {
		if one == "" || len(one) < len(bare) || !strings.EqualFold(one[:len(bare)], bare) {
			continue
		}
		if quoted {
			found = append(found, "`"+strings.ReplaceAll(one, "`", "``")+"`")
		} else {
			found = append(found, quoteSQL(one))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// QuoteSQL returns a path of names as SQL takes it, whatever they hold.
func QuoteSQL(path []string) string {
	var parts []string
	for _, one := range path {
		parts = append(parts, "`"+strings.ReplaceAll(one, "`", "``")+"`")
	}
	return strings.Join(parts, ".")
}

// quoteSQL returns a dotted name with backquotes where they are needed.
func quoteSQL(one string) string {
	for part := range strings.SplitSeq(one, ".") {
		if part == "" || nameLength(part) != len(part) || part[0] >= '0' && part[0] <= '9' {
			return "`" + strings.ReplaceAll(one, "`", "``") + "`"
		}
	}
	return one
}

// SubjectSQL returns the name at the cursor with what stands before its dot,
// and whether it is that of a function.
func SubjectSQL(code string, cursor int) (path []string, function bool) {
	at := byteOffset(code, cursor)
	ts := sqlTokens(code)
	for i, t := range ts {
		function = t.word && i+1 < len(ts) && ts[i+1].is("(")
		if at < t.from || at > t.to || !t.plain() && !function {
			continue
		}
		path = []string{t.name()}
		for j := i; j > 1 && ts[j-1].is(".") && ts[j-2].word && len(path) < maxPath; j -= 2 {
			path = append([]string{ts[j-2].name()}, path...)
		}
		if !function && len(path) == 1 {
			for _, table := range tablesOf(statementAt(code, at)) {
				if strings.EqualFold(table.Alias, path[0]) {
					return table.Name, false
				}
			}
		}
		return path, function
	}
	return nil, false
}
