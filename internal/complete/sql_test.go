// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package complete

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/livy"
)

func TestSQLPlaceIn(t *testing.T) {
	one := func(name, alias string) []Table { return []Table{{Name: strings.Split(name, "."), Alias: alias}} }
	for code, want := range map[string]SQLPlace{
		"sel|":                                 {Prefix: "sel", End: 3},
		"select * from |":                      {WantsTable: true, Start: 14, End: 14},
		"select * from db.|":                   {WantsTable: true, Qualifier: []string{"db"}, Start: 17, End: 17, Tables: one("db", "")},
		"select * from `my db`.t|":             {Prefix: "t", WantsTable: true, Qualifier: []string{"my db"}, Start: 22, End: 23, Tables: one("my db.t", "")},
		"select p.n| from people p":            {Prefix: "n", Qualifier: []string{"p"}, Start: 9, End: 10, Tables: one("people", "p")},
		"select 1; select | from t where a":    {Start: 17, End: 17, Tables: one("t", "")},
		"select a from t;\nselect |":           {Start: 24, End: 24},
		"select '|":                            {Nowhere: true, Start: 8, End: 8},
		"select 'it''s' |":                     {Start: 15, End: 15},
		"-- from |":                            {Nowhere: true, Start: 8, End: 8},
		"/* from |":                            {Nowhere: true, Start: 8, End: 8},
		"select '😀', é|":                       {Prefix: "é", Start: 12, End: 13},
		"select `größ|":                        {Prefix: "`größ", Start: 7, End: 12},
		"select a from t order by a desc, b|":  {Prefix: "b", Start: 33, End: 34, Tables: one("t", "")},
		"describe ta|":                         {Prefix: "ta", WantsTable: true, Start: 9, End: 11, Tables: one("ta", "")},
		"select a from t as x where x.|":       {Qualifier: []string{"x"}, Start: 29, End: 29, Tables: one("t", "x")},
		"insert into table t select |":         {Start: 27, End: 27, Tables: one("t", "")},
		"create or replace temp view v as se|": {Prefix: "se", Start: 33, End: 35, Tables: one("v", "")},
	} {
		text, cursor := at(code)
		got := SQLPlaceIn(text, cursor)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", code, diff)
		}
	}
}

func TestTablesOfAJoin(t *testing.T) {
	const code = "with recent as (select * from a.b)\nselect * from recent r, `x y` join c.d as e on r.id = e.id left join f using (id)"
	got := fmt.Sprint(tablesOf(sqlTokens(code)))
	if want := "[{[a b] } {[recent] r} {[x y] } {[c d] e} {[f] }]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSQL(t *testing.T) {
	n := NewNotebook()
	n.Learn(livy.KindPySpark, "df.createOrReplaceTempView('trips')\ndf.createGlobalTempView(\"tips\")\ndf.write.saveAsTable('db.fares')")
	n.Learn(livy.KindSpark, `df.createTempView("riders")`)
	n.Learn(livy.KindSQL, "create table if not exists `my table` as select 1; select * from used")
	want := "db.fares global_temp.tips my table riders trips used"
	if got := strings.Join(slices.Sorted(maps.Keys(n.tables)), " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for code, want := range map[string]string{
		"select * from tr|":     "trips",
		"select * from |":       "`my table` db.fares global_temp.tips riders trips used",
		"select * from `my|":    "`my table`",
		"select * from db.|":    "fares",
		"select coun|":          "count count_if",
		"SELECT COUN|":          "COUNT COUNT_IF",
		"sele|":                 "select",
		"SEle|":                 "SELECT",
		"select tri|":           "trips trim",
		"select |":              "",
		"select a.|":            "",
		"select ri from b rid|": "riders",
	} {
		text, cursor := at(code)
		got := n.SQL(SQLPlaceIn(text, cursor))
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %v, want %s", code, got, want)
		}
	}
}

func TestSubjectSQL(t *testing.T) {
	for code, want := range map[string]string{
		"select upp|er(a)":        "[upper] true",
		"select * from pe|ople p": "[people] false",
		"select p|.a from t p":    "[t] false",
		"select * from a.`b|`":    "[a b] false",
		"select left|(a, 1)":      "[left] true",
		"se|lect 1":               "[] false",
		"select 'a|'":             "[] false",
	} {
		text, cursor := at(code)
		path, function := SubjectSQL(text, cursor)
		if got := fmt.Sprint(path, function); got != want {
			t.Errorf("%q: got %s, want %s", code, got, want)
		}
	}
}

func TestQuoteSQL(t *testing.T) {
	if got := QuoteSQL([]string{"a`; drop table b; --", "c"}); got != "`a``; drop table b; --`.`c`" {
		t.Errorf("got %s", got)
	}
}
