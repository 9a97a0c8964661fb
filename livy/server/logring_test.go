// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestLogPages holds the arithmetic to what a real Apache Livy answered.
func TestLogPages(t *testing.T) {
	var full logRing
	for i := range 500 {
		full.add(fmt.Sprintf("line %d\n", i))
	}
	var empty logRing
	cases := []struct {
		ring         *logRing
		from, size   int64
		start, total int64
		lines        int
		first        string
	}{
		{&full, -1, 100, 102, 202, 100, "line 400"},
		{&full, 0, 5, 0, 202, 5, "stdout: "},
		{&full, -1, 3, 199, 202, 3, "line 497"},
		{&full, 100000, 2, 100000, 202, 0, ""},
		{&full, -1, -1, 0, 202, 202, "stdout: "},
		{&full, 5, -1, 5, 202, 197, "line 303"},
		{&full, -1, 0, 202, 202, 0, ""},
		{&full, 1<<31 - 1, 1<<31 - 1, 1<<31 - 1, 202, 0, ""},
		{&empty, -1, 100, 0, 2, 2, "stdout: "},
	}
	for _, c := range cases {
		lines, start, total := c.ring.page(c.from, c.size)
		first := ""
		if len(lines) > 0 {
			first = lines[0]
		}
		if start != c.start || total != c.total || len(lines) != c.lines || first != c.first || lines == nil {
			t.Errorf("page(%d, %d) = %d lines from %d of %d, first %q; want %d from %d of %d, %q",
				c.from, c.size, len(lines), start, total, first, c.lines, c.start, c.total, c.first)
		}
	}
}

func TestLogLinesAreBounded(t *testing.T) {
	var ring logRing
	ring.add(strings.Repeat("é", logLineMaxBytes))
	lines, _, _ := ring.page(-1, 1)
	if n := len(lines[0]); n > logLineMaxBytes+len("…") || !strings.HasSuffix(lines[0], "é…") {
		t.Errorf("a long line is kept with %d bytes", n)
	}
}

func TestSlice(t *testing.T) {
	list := []int{0, 1, 2, 3}
	for _, c := range []struct {
		from, size int64
		want       []int
	}{
		{0, 2, []int{0, 1}}, {2, 100, []int{2, 3}}, {-1, 2, []int{0}}, {-5, 2, []int{}},
		{9, 2, []int{}}, {0, 0, []int{}}, {1, -3, []int{}},
	} {
		if got := slice(list, c.from, c.size); !slices.Equal(got, c.want) || got == nil {
			t.Errorf("slice from %d, size %d = %v, want %v", c.from, c.size, got, c.want)
		}
	}
}
