// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

func TestR5History(t *testing.T) {
	h := &history{}
	for i, input := range []string{"6*7", "print(1)", "6*8", "6*7", "a\nb"} {
		h.add(i+1, input, "")
	}
	stop := func(n int) *int { return &n }
	for name, c := range map[string]struct {
		request wire.HistoryRequest
		want    []int // lines
	}{
		"tail":                {wire.HistoryRequest{HistAccessType: "tail", N: 2}, []int{4, 5}},
		"tail of all":         {wire.HistoryRequest{HistAccessType: "tail", N: 99}, []int{1, 2, 3, 4, 5}},
		"tail without n":      {wire.HistoryRequest{HistAccessType: "tail"}, []int{1, 2, 3, 4, 5}},
		"range":               {wire.HistoryRequest{HistAccessType: "range", Start: 2, Stop: stop(4)}, []int{2, 3}},
		"range to the end":    {wire.HistoryRequest{HistAccessType: "range", Start: 4}, []int{4, 5}},
		"range to 0":          {wire.HistoryRequest{HistAccessType: "range", Start: 4, Stop: stop(0)}, []int{4, 5}},
		"range from behind":   {wire.HistoryRequest{HistAccessType: "range", Start: -2}, []int{4, 5}},
		"range to behind":     {wire.HistoryRequest{HistAccessType: "range", Start: 1, Stop: stop(-3)}, []int{1, 2}},
		"range of session 1":  {wire.HistoryRequest{HistAccessType: "range", Session: 1, Start: 5}, []int{5}},
		"range of the past":   {wire.HistoryRequest{HistAccessType: "range", Session: -1, Start: 1}, nil},
		"range the wrong way": {wire.HistoryRequest{HistAccessType: "range", Start: 4, Stop: stop(2)}, nil},
		"search all":          {wire.HistoryRequest{HistAccessType: "search"}, []int{1, 2, 3, 4, 5}},
		"search":              {wire.HistoryRequest{HistAccessType: "search", Pattern: "6[*]?"}, []int{1, 3, 4}},
		"search unique":       {wire.HistoryRequest{HistAccessType: "search", Pattern: "6*", Unique: true}, []int{3, 4}},
		"search the last":     {wire.HistoryRequest{HistAccessType: "search", Pattern: "6*", N: 1}, []int{4}},
		"search lines":        {wire.HistoryRequest{HistAccessType: "search", Pattern: "a*b"}, []int{5}},
		"search is of wholes": {wire.HistoryRequest{HistAccessType: "search", Pattern: "*7?"}, nil},
		"search negated":      {wire.HistoryRequest{HistAccessType: "search", Pattern: "[^6]*"}, []int{2, 5}},
		"search no set":       {wire.HistoryRequest{HistAccessType: "search", Pattern: "[z-a]"}, nil},
		"search open set":     {wire.HistoryRequest{HistAccessType: "search", Pattern: "6["}, nil},
		"search .":            {wire.HistoryRequest{HistAccessType: "search", Pattern: "6.7"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []int
			for _, e := range h.find(c.request) {
				got = append(got, e.Line)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestR5HistoryIsBounded(t *testing.T) {
	h := &history{}
	large := strings.Repeat("x", maxHistory/4)
	for i := range 9 {
		h.add(i+1, large+fmt.Sprint(i), "y")
	}
	if n := len(h.entries); n != 3 || h.entries[2].Line != 9 || h.bytes > maxHistory {
		t.Errorf("%d entries, %d bytes", n, h.bytes)
	}
}
