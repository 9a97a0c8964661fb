// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package recording

// rank orders the states of a statement or a session in the way that they
// follow each other; it is -1 for a state that no recording knows. States of
// one rank may come in any order.
func rank(v value) int {
	order := map[string]int{"starting": 0, "idle": 1, "busy": 1, "shutting_down": 2, "dead": 3}
	if v.isStatement() {
		order = map[string]int{"waiting": 0, "running": 1, "cancelling": 2, "available": 3, "cancelled": 3, "error": 3}
	}
	if r, ok := order[v.field("state").text]; ok {
		return r
	}
	return -1
}

// sameRank reports whether two statements are as far, that is, whether both
// or none of them may have an output.
func sameRank(a, b value) bool { return (rank(a) == 3) == (rank(b) == 3) }

// reached reports whether got is as far as the recorded answer, so that it
// may be compared with it. Sessions are asked for idle and busy alike: how
// long a driver stays busy after a statement's end is its own affair.
func reached(want, got value) bool {
	switch {
	case want.isStatement() && got.isStatement():
		// A cancelled statement's output may follow its state.
		late := want.field("output").kind != "null" && got.field("output").kind == "null"
		return rank(got) >= rank(want) && (!late || got.field("state").text != "cancelled")
	case want.isState() && got.isState():
		return rank(got) >= rank(want)
	case want.kind == "object" && got.kind == "object":
		w, g := want.field("statements").list, got.field("statements").list
		for i := range min(len(w), len(g)) {
			if !reached(w[i], g[i]) {
				return false
			}
		}
	}
	return true
}

// compareStates compares the states themselves of two answers that are as far
// as they will get.
func compareStates(want, got value) []Difference {
	w, g := want.field("state").text, got.field("state").text
	switch {
	case w == g || rank(got) < 0 && rank(want) < 0:
		return nil
	case want.isStatement() && got.isStatement() && rank(want) < 3 && rank(got) > rank(want) && g != "cancelling":
		return nil // It ended, or ran, before it was asked.
	case want.isState() && got.isState() && rank(want) <= 1 && rank(got) == 1:
		return nil
	}
	return []Difference{{Path: "$.state", Want: w, Got: g}}
}
