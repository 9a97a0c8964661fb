// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package complete

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
)

func TestLearnPython(t *testing.T) {
	for code, want := range map[string]string{
		"def f(a):\n    inner = 1\nafter = 2":                        "after f",
		"class A:\n    x = 1\n    def m(self):\n        y = 2\n":     "A",
		"async def g(): pass":                                        "g",
		"import a.b, c as d":                                         "a d",
		"from x.y import (e, f as g,\n   h)":                         "e g h",
		"from . import q":                                            "q",
		"a = b = 1; c: int = 2":                                      "a b c",
		"a, (b, *c) = 1, (2, 3)":                                     "a b c",
		"a += 1; b == 2; f(c=3)":                                     "",
		"x.y = 1; z[0] = 2":                                          "",
		"for i, j in z:\n    k = 1":                                  "i j k",
		"with open('f') as f, g() as h:\n    data = f.read()":        "data f h",
		"if x: y = 1\nelse:\n    z = 2":                              "y z",
		"a = 1\ndel a":                                               "",
		"é = 1\n数 = 2\n𝒳 = 3\ne\u0301t = 4":                          "e\u0301t é 数 𝒳",
		"s = '''\nnot_a_name = 1\n'''":                               "s",
		"x = [\n  y = 1,\n":                                          "x",
		"# a = 1\nb = 2":                                             "b",
		"def broken(":                                                "broken",
		"@decorator\ndef f(): pass":                                  "f",
		"try:\n    import m\nexcept ImportError as e:\n    m = None": "m",
	} {
		ns := names{}
		ns.learnPython(code)
		if got := strings.Join(slices.Sorted(maps.Keys(ns)), " "); got != want {
			t.Errorf("%q: got %q, want %q", code, got, want)
		}
	}
}

// TestPython completes by what cells define and by PySpark's classes.
func TestPython(t *testing.T) {
	n := NewNotebook()
	n.Learn(livy.KindPySpark, "from pyspark.sql import functions as F, Window\nfrom pyspark.sql.functions import col\nimport pyspark.sql.types as T")
	n.Learn(livy.KindPySpark, "trips = spark.read.csv('x', header=True)\ntrips = trips.filter(\"a > 1\")\nfare_amount = 3\ndef fare(x, *, y=1): pass")
	for code, want := range map[string]string{
		"fa|":                          "fare fare_amount",
		"local = 1\nloc|":              "local locals",
		"fare|":                        "fare_amount",
		"trips.groupB|":                "groupBy",
		"trips.groupBy('a').piv|":      "pivot",
		"trips['a'].isNot|":            "isNotNull",
		"trips.write.mode('a').parq|":  "parquet",
		"F.col('a').isNot|":            "isNotNull",
		"F.row_n|":                     "row_number",
		"col('a').isNot|":              "isNotNull",
		"Window.partitionB|":           "partitionBy",
		"T.IntegerT|":                  "IntegerType",
		"spark.createD|":               "createDataFrame",
		"'a'.startsw|":                 "startswith",
		"[1].app|":                     "append",
		"my_df.printS|":                "printSchema",
		"fare_amount.|":                "",
		"unknown.|":                    "",
		"from pyspark.sql import Win|": "Window WindowSpec",
		"from pyspark.sql.functions import row_n|": "row_number",
		"whil|": "while",
		"|":     "",
	} {
		text, cursor := at(code)
		got := n.Python(text, PlaceIn(text, cursor))
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %v, want %s", code, got, want)
		}
	}
	for code, want := range map[string]string{
		"fare(|":          "def fare(x, *, y=1)",
		"trips.limit|":    "DataFrame.limit(num) -> DataFrame",
		"fare_amount|":    "fare_amount = 3",
		"F|":              "from pyspark.sql import functions",
		"trips.no_such|":  "",
		"trips.select()|": "",
	} {
		text, cursor := at(code)
		if got := n.DescribePython(text, Subject(text, cursor)); got != want {
			t.Errorf("%q: got %q, want %q", code, got, want)
		}
	}
	n.Forget()
	if got := n.Python("fa", PlaceIn("fa", 2)); len(got) != 0 {
		t.Errorf("after the session's end: %v", got)
	}
}

// TestModel keeps the model of PySpark whole: what its members lead to is in it.
func TestModel(t *testing.T) {
	m := pyspark()
	for line := range strings.Lines(pysparkText) {
		if line[0] != '[' {
			continue
		}
		class := strings.Trim(line, "[]\n")
		members, known := m.of(class)
		if !known {
			t.Errorf("%q is not found", class)
		}
		for one := range members {
			_, leads := m.of(one.result)
			if one.name == "" || strings.ContainsAny(one.name, " ()[]#") || one.result != "" && !leads {
				t.Errorf("%s: %+v", class, one)
			}
		}
	}
	if one, ok := m.find("DataFrame", "groupBy"); !ok || one.result != "GroupedData" || len(m.members("functions")) < 300 {
		t.Errorf("got %+v and %d functions", one, len(m.members("functions")))
	}
}

func TestScala(t *testing.T) {
	n := NewNotebook()
	n.Learn(livy.KindSpark, `val df = spark.range(3)
// val comment = 1
val text = "val inside = 1"
def f(x: Int): Int = {
  val inner = x
  inner
}
case class Point(x: Int); object Main { val hidden = 1 }
val (first, second) = (1, 2)
import org.apache.spark.sql.functions.{col, lit => literal, _}
lazy val größe = 1; type Id = Long`)
	want := "Id Main Point col df f first größe literal second text"
	if got := strings.Join(slices.Sorted(maps.Keys(n.scala)), " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := n.Scala("val fi = 1", "fi"); !slices.Equal(got, []string{"first", "final", "finally"}) {
		t.Errorf("got %v", got)
	}
	if got := n.DescribeScala("", "f"); !strings.HasPrefix(got, "def f(x: Int): Int =") {
		t.Errorf("got %q", got)
	}
	for code, want := range map[string]string{
		"ds.fil|ter(x)":  "ds filter",
		"größe|":         "größe",
		"f(a).b|":        "",
		"\"a.b|\"":       "",
		"1.to|":          "",
		"val x = if|":    "",
		"a + spark.rea|": "spark rea",
	} {
		text, cursor := at(code)
		if got, _ := SubjectScala(text, cursor); strings.Join(got, " ") != want {
			t.Errorf("%q: got %v, want %q", code, got, want)
		}
	}
}
