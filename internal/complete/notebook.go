// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package complete

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/livy"
)

// Notebook remembers what the cells that ran have defined. Its methods may be
// called at the same time.
type Notebook struct {
	mu     sync.Mutex
	python names
	scala  names
	tables names // and views that SQL knows
}

// NewNotebook returns the memory of a notebook of which no cell has run.
func NewNotebook() *Notebook {
	return &Notebook{python: names{}, scala: names{}, tables: names{}}
}

// maxLearnt bounds the code that is looked at, in bytes.
const maxLearnt = 256 << 10

// Learn takes note of a cell that runs.
func (n *Notebook) Learn(kind livy.Kind, code string) {
	if len(code) > maxLearnt {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	switch kind {
	case livy.KindPySpark:
		n.python.learnPython(code)
	case livy.KindSpark:
		n.scala.learnScala(code)
	case livy.KindSQL:
		n.tables.learnSQL(code)
		return
	}
	n.tables.learnViews(code)
}

// Forget takes note that the session has ended, and with it what was defined.
func (n *Notebook) Forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	clear(n.python)
	clear(n.scala)
	clear(n.tables)
}

// with returns a copy of known, to which the cell at hand can be added.
func (n *Notebook) with(known names) names {
	n.mu.Lock()
	defer n.mu.Unlock()
	return maps.Clone(known)
}

// madeView matches what registers a table for SQL in Python and Scala.
var madeView = lazyregexp.New(`\.(createOrReplaceTempView|createTempView|createOrReplaceGlobalTempView|createGlobalTempView|registerTempTable|saveAsTable|writeTo)\s*\(\s*["']([^"'\n]{1,200})["']`)

// learnViews adds the tables that Python or Scala code makes known to SQL.
func (ns names) learnViews(code string) {
	if !strings.Contains(code, "View") && !strings.Contains(code, "Table") && !strings.Contains(code, "writeTo") {
		return // as in most cells
	}
	for _, found := range madeView.Get().FindAllStringSubmatch(code, maxNames) {
		table := found[2]
		if strings.Contains(found[1], "Global") {
			table = "global_temp." + table
		}
		if len(ns) < maxNames {
			ns[table] = name{}
		}
	}
}

// Python returns what the text of the notebook knows to fit a place in the
// given cell, the names that the cells define first.
func (n *Notebook) Python(code string, p Place) []string {
	if p.Nowhere || p.Strings != nil {
		return nil
	}
	if p.Module != "" {
		if class, ok := modules[p.Module]; ok {
			return Matching(pyspark().members(class), p.Prefix)
		}
		return Matching(packages[p.Module], p.Prefix)
	}
	known := n.with(n.python)
	if len(code) <= maxLearnt {
		known.learnPython(code)
	}
	if p.Member {
		return Matching(pyspark().members(known.classOf(p.Of)), p.Prefix)
	}
	if p.Prefix == "" {
		return nil
	}
	delete(known, p.Prefix) // most often the very word that is being typed
	return slices.Concat(
		Matching(slices.Collect(maps.Keys(known)), p.Prefix),
		Matching(slices.Concat(pythonKeywords, pythonBuiltins, pyspark().members("session")), p.Prefix),
	)
}

// classOf returns the class of an expression, by the name of a variable if
// nothing else is known of it.
func (ns names) classOf(e Expr) string {
	v := ns.value(e)
	if _, bound := ns[first(e)]; v.class == "" && len(e) == 1 && !bound && dataFrameName.MatchString(first(e)) {
		return "DataFrame"
	}
	return v.class
}

// dataFrameName matches what people call their DataFrames.
var dataFrameName = lazyregexp.New(`^(s?df\d*|.*_s?df|s?df_.*)$`)

// first returns the name that an expression begins with, or "".
func first(e Expr) string {
	if len(e) == 0 || e[0].Op != OpName {
		return ""
	}
	return e[0].Name
}

// DescribePython tells what the text of the notebook knows of an expression in
// the given cell, or "".
func (n *Notebook) DescribePython(code string, e Expr) string {
	known := n.with(n.python)
	if len(code) <= maxLearnt {
		known.learnPython(code)
	}
	if len(e) == 1 {
		return known[first(e)].text
	}
	if len(e) < 2 || e[len(e)-1].Op != OpAttr {
		return ""
	}
	class := known.classOf(e[:len(e)-1])
	one, ok := pyspark().find(class, e[len(e)-1].Name)
	if !ok {
		return ""
	}
	text := class + "." + one.name + one.parameters
	if one.result != "" {
		text += " -> " + one.result
	}
	return text
}

// Scala returns the words of Scala and the names of the notebook that begin
// with prefix.
func (n *Notebook) Scala(code, prefix string) []string {
	known := n.with(n.scala)
	if len(code) <= maxLearnt {
		known.learnScala(code)
	}
	delete(known, prefix)
	return slices.Concat(Matching(slices.Collect(maps.Keys(known)), prefix), Matching(slices.Concat(scalaKeywords, scalaNames), prefix))
}

// DescribeScala returns the line that defines a name, or "".
func (n *Notebook) DescribeScala(code, word string) string {
	known := n.with(n.scala)
	if len(code) <= maxLearnt {
		known.learnScala(code)
	}
	return known[word].text
}

// Matching returns the names that begin with prefix, in alphabetical order.
// Those that begin with an underscore are for who asks for them.
func Matching(names []string, prefix string) []string {
	var found []string
	for _, one := range names {
		if strings.HasPrefix(one, prefix) && one != prefix && (prefix != "" || !strings.HasPrefix(one, "_")) {
			found = append(found, one)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// InText returns the names that begin with prefix and may stand in any string.
func InText(names []string, prefix string) []string {
	var found []string
	for _, one := range names {
		if strings.HasPrefix(one, prefix) && one != prefix && !strings.ContainsAny(one, "\"'\\\n") {
			found = append(found, one)
		}
	}
	return found
}
