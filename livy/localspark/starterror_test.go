// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import "testing"

func TestExplain(t *testing.T) {
	cases := []struct {
		name  string
		first answer
		lines []string
		want  string
	}{
		{"below a heading", answer{JavaEnded: true}, []string{"Picked up JAVA_TOOL_OPTIONS: -X", "Error occurred during initialization of VM", "Too small maximum heap", "more"}, "Java ended before Spark was up: Too small maximum heap"},
		{"an exception", answer{JavaEnded: true}, []string{":: resolving dependencies ::", "Exception in thread \"main\" a.B: no such jar", "\tat a.C"}, "Java ended before Spark was up: a.B: no such jar"},
		{"above the epilogue", answer{JavaEnded: true}, []string{"Invalid maximum heap size: -Xmxx", "Error: Could not create the Java Virtual Machine.", "Error: A fatal exception has occurred. Program will exit."}, "Java ended before Spark was up: Invalid maximum heap size: -Xmxx"},
		{"no line", answer{JavaEnded: true}, nil, "Java ended before Spark was up"},
		{"Spark's own reason", answer{Reason: "no such master"}, []string{"26/11/23 15:23:51 WARN x"}, "Spark did not start: no such master"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			passed := 0
			why := &reasonLine{log: func(string) { passed++ }}
			for _, line := range c.lines {
				why.add(line)
			}
			if got := why.explain(startError(c.first)).Error(); got != c.want || passed != len(c.lines) {
				t.Errorf("%d lines passed on, error %q, want %q", passed, got, c.want)
			}
		})
	}
}
