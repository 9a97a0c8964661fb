// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package recording

import (
	"testing"
)

// Test replays scenarios, all of them where none is given, each in a subtest
// against the target that start returns for it, and fails for every
// difference that the file allowedPath does not allow and for every allowance
// that no longer occurs.
func Test(t *testing.T, allowedPath string, scenarios []Scenario, start func(*testing.T, Scenario) Target) {
	t.Helper()
	all := len(scenarios) == 0
	if all {
		var err error
		if scenarios, err = All(); err != nil {
			t.Fatal(err)
		}
	}
	allowed, err := ReadAllowed(allowedPath)
	if err != nil {
		t.Fatal(err)
	}
	replayed := map[string]bool{}
	for _, s := range scenarios {
		t.Run(s.Name, func(t *testing.T) {
			diffs, err := Replay(t.Context(), s, start(t, s))
			replayed[s.Name] = err == nil
			if err != nil {
				t.Error(err)
			}
			for _, d := range allowed.Filter(diffs) {
				t.Errorf("step %d, %s: %s is %s, recorded %s", d.Step, d.Request, d.Path, d.Got, d.Want)
			}
		})
	}
	for _, s := range scenarios {
		all = all && replayed[s.Name]
	}
	for _, a := range allowed.Unused(replayed, all) {
		t.Errorf("allowed difference no longer occurs: %s, %s, %s (%s)", a.Scenario, a.Request, a.Path, a.Why)
	}
}
