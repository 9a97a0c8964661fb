// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package recording

import (
	"maps"
	"slices"
)

// Difference is one place where an answer differs from the recorded one.
type Difference struct {
	Scenario string
	Step     int    // Index in Scenario.Steps; the first is 0.
	Request  string // As Exchange.Name.
	Path     string // "status", "header.Location", or a place in the body such as "$.output.data.text/plain".
	Want     string // What the recording has: a JSON type, or a value where values count.
	Got      string
}

// compareValues returns the differences between two bodies at path.
func compareValues(path string, want, got value) []Difference {
	if want.isStatement() && got.isStatement() && !sameRank(want, got) {
		// One server was faster; the end is compared when both have it.
		want, got = want.without("output"), got.without("output")
	}
	if want.kind != got.kind {
		return []Difference{{Path: path, Want: want.kind, Got: got.kind}}
	}
	switch want.kind {
	case "object":
		return compareFields(path, want, got)
	case "array":
		return compareLists(path, want, got)
	}
	return nil
}

// compareFields compares two objects. Beside the types some values count.
func compareFields(path string, want, got value) []Difference {
	var diffs []Difference
	names := maps.Clone(want.fields)
	maps.Copy(names, got.fields)
	_, output := want.fields["execution_count"]
	for _, name := range slices.Sorted(maps.Keys(names)) {
		w, inWant := want.fields[name]
		g, inGot := got.fields[name]
		at := path + "." + name
		exact := name == "kind" || output && (name == "status" || name == "ename")
		switch {
		case !inGot:
			diffs = append(diffs, Difference{Path: at, Want: w.kind, Got: "missing"})
		case !inWant:
			diffs = append(diffs, Difference{Path: at, Want: "missing", Got: g.kind})
		case exact && w.kind == g.kind && w.text != g.text:
			diffs = append(diffs, Difference{Path: at, Want: w.text, Got: g.text})
		case name == "log" && w.kind == g.kind: // Its lines are the driver's.
		default:
			diffs = append(diffs, compareValues(at, w, g)...)
		}
	}
	return diffs
}

// compareLists compares lists of one length element by element. In lists of
// other lengths each element must be like one of the recorded ones.
func compareLists(path string, want, got value) []Difference {
	at := path + "[]"
	if len(want.list) > 0 && len(got.list) == 0 {
		return []Difference{{Path: at, Want: want.list[0].kind, Got: "missing"}}
	}
	var diffs []Difference
	for i, g := range got.list {
		switch {
		case len(want.list) == len(got.list):
			diffs = append(diffs, compareValues(at, want.list[i], g)...)
		case len(want.list) == 0:
			return []Difference{{Path: at, Want: "missing", Got: g.kind}}
		default:
			var first []Difference
			for k, w := range want.list {
				d := compareValues(at, w, g)
				if len(d) == 0 {
					first = nil
					break
				}
				if k == 0 {
					first = d
				}
			}
			diffs = append(diffs, first...)
		}
	}
	return diffs
}
