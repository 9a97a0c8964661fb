// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package syntax

import (
	"slices"
	"strings"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
)

// words are the keywords of each language and the names that a session begins
// with.
var words = map[livy.Kind][]string{
	livy.KindPySpark: strings.Fields(`False None True and as assert async await break class continue def del elif else except
		finally for from global if import in is lambda nonlocal not or pass raise return try while with yield
		dict enumerate float int isinstance len list max min open print range repr set sorted spark sc sqlContext str sum tuple type zip`),
	livy.KindSpark: strings.Fields(`abstract case catch class def do else extends false final finally for forSome if implicit import
		lazy match new null object override package private protected return sealed super this throw trait true try type
		val var while with yield println sc spark sqlContext`),
	livy.KindSQL: strings.Fields(`ALTER AND AS ASC BETWEEN BY CASE CAST COLUMNS COUNT CREATE CROSS CACHE DATABASE DATABASES DELETE DESC DESCRIBE
		DISTINCT DROP ELSE END EXISTS EXPLAIN FROM FULL FUNCTIONS GROUP HAVING IF IN INNER INSERT INTO IS JOIN LEFT LIKE LIMIT NOT NULL
		ON OR ORDER OUTER OVERWRITE PARTITION PARTITIONED REPLACE RIGHT SELECT SET SHOW TABLE TABLES TEMPORARY THEN UNION UPDATE USE USING
		VALUES VIEW WHEN WHERE WITH`),
}

// Words returns the words of a language that begin with prefix. Those of SQL
// follow the case of the prefix.
func Words(kind livy.Kind, prefix string) []string {
	var matches []string
	for _, w := range words[kind] {
		if kind == livy.KindSQL && prefix == strings.ToLower(prefix) {
			w = strings.ToLower(w)
		}
		if strings.HasPrefix(w, prefix) && w != prefix {
			matches = append(matches, w)
		}
	}
	slices.Sort(matches)
	return matches
}

// Check tells whether code of a language can be run as it stands.
func Check(kind livy.Kind, code string) kernel.Completeness {
	switch kind {
	case livy.KindPySpark:
		return Python(code)
	case livy.KindSpark:
		return Scala(code)
	case livy.KindSQL:
		return SQL(code)
	}
	return kernel.Completeness{Status: "unknown"}
}
