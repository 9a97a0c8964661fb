// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package complete

import (
	_ "embed" // for the model
	"iter"
	"strings"
)

// member is what a class offers under a name.
type member struct {
	name       string
	parameters string // of a method, in their brackets; else empty
	result     string // the class of the attribute, or of what the method returns; may be empty
}

// model is a text of classes and their members, read where it is asked: as a
// map it would take more memory than all else that a small notebook needs.
// Modules count as classes.
type model string

//go:embed pyspark.txt
var pysparkText string

// pyspark is the model of PySpark.
func pyspark() model { return model(pysparkText) }

// of returns the members of a class, and whether there is such a class.
func (m model) of(class string) (members iter.Seq[member], known bool) {
	_, block, known := strings.Cut(string(m), "\n["+class+"]\n")
	return func(yield func(member) bool) {
		for line := range strings.Lines(block) {
			line = strings.TrimSpace(line)
			if line == "" || !yield(parseMember(line)) {
				return // classes are blocks
			}
		}
	}, known
}

// parseMember reads one line of a class.
func parseMember(line string) member {
	head, tail, found := strings.Cut(line, "(")
	if !found {
		name, result, _ := strings.Cut(line, " ")
		return member{name: name, result: result}
	}
	end := strings.LastIndexByte(tail, ')')
	return member{name: head, parameters: "(" + tail[:end+1], result: strings.TrimSpace(tail[end+1:])}
}

// modules are the modules of PySpark, as classes of the model.
var modules = map[string]string{"pyspark.sql.functions": "functions", "pyspark.sql.types": "types"}

// packages list what is imported from the packages of PySpark.
var packages = map[string][]string{
	"pyspark": {"Broadcast", "RDD", "SparkConf", "SparkContext", "SparkFiles", "StorageLevel", "sql", "pandas", "ml", "streaming"},
	"pyspark.sql": {
		"Catalog", "Column", "DataFrame", "DataFrameReader", "DataFrameWriter", "GroupedData", "Row", "SQLContext", "SparkSession",
		"Window", "WindowSpec", "functions", "types", "window", "streaming",
	},
	"pyspark.sql.window": {"Window", "WindowSpec"},
}

// find returns the member of a class with that name.
func (m model) find(class, name string) (member, bool) {
	members, _ := m.of(class)
	for one := range members {
		if one.name == name {
			return one, true
		}
	}
	return member{}, false
}

// members returns the names that a class offers.
func (m model) members(class string) []string {
	members, _ := m.of(class)
	var names []string
	for one := range members {
		names = append(names, one.name)
	}
	return names
}

// value is what the model knows of a value.
type value struct {
	class string // whose attributes it has
	calls string // the class of what a call of it returns
}

// imported returns the value that an import of that path binds.
func (m model) imported(path string) value {
	if class, ok := modules[path]; ok {
		return value{class: class}
	}
	module, name, _ := cutLast(path)
	if class, ok := modules[module]; ok {
		one, _ := m.find(class, name)
		return value{calls: one.result}
	}
	if _, known := m.of(name); known && strings.HasPrefix(path, "pyspark.") {
		return value{class: name, calls: name}
	}
	return value{}
}

// attribute returns the value of an attribute.
func (m model) attribute(of value, name string) value {
	one, _ := m.find(of.class, name)
	if one.parameters != "" {
		return value{calls: one.result}
	}
	return value{class: one.result}
}

// item returns the value of an item.
func (m model) item(of value) value {
	if of.class == "DataFrame" || of.class == "Column" {
		return value{class: "Column"}
	}
	return value{}
}

// cutLast cuts a dotted path before its last name.
func cutLast(path string) (head, last string, found bool) {
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		return path[:i], path[i+1:], true
	}
	return "", path, false
}
