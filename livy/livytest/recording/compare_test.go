// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package recording

import (
	"fmt"
	"slices"
	"testing"
)

func TestCompareValues(t *testing.T) {
	statement := func(state, output string) string {
		return fmt.Sprintf(`{"id":0,"code":"x","state":%q,"output":%s}`, state, output)
	}
	const ok = `{"status":"ok","execution_count":0,"data":{"text/plain":"1"}}`
	const failed = `{"status":"error","execution_count":0,"ename":"E","evalue":"v","traceback":[]}`
	cases := []struct {
		name, want, got string
		paths           []string
	}{
		{"other texts and numbers", `{"a":"x","b":1}`, `{"a":"y","b":2.5}`, nil},
		{"null is not a string", `{"a":null}`, `{"a":"y"}`, []string{"$.a"}},
		{"null is not nothing", `{"a":null}`, `{}`, []string{"$.a"}},
		{"one field more", `{}`, `{"a":1}`, []string{"$.a"}},
		{"deeper", `{"a":{"b":[{"c":1}]}}`, `{"a":{"b":[{"c":"1"}]}}`, []string{"$.a.b[].c"}},
		{"kinds count", `{"kind":"spark"}`, `{"kind":"sql"}`, []string{"$.kind"}},
		{"log lines do not", `{"log":["a","b"]}`, `{"log":[]}`, nil},
		{"a log is a list", `{"log":[]}`, `{"log":""}`, []string{"$.log"}},
		{"empty list", `{"a":[1]}`, `{"a":[]}`, []string{"$.a[]"}},
		{"unexpected element", `{"a":[]}`, `{"a":[1]}`, []string{"$.a[]"}},
		{"mixed list of one length", `[1,"a"]`, `["a",1]`, []string{"$[]", "$[]"}},
		{"mixed list of another length", `[1,"a"]`, `["a",1,2]`, nil},
		{"foreign element", `[1,"a"]`, `["a",1,null]`, []string{"$[]"}},
		{"bare string", `"a"`, `{"msg":"a"}`, []string{"$"}},
		{"output of another status", ok, failed, []string{"$.data", "$.ename", "$.evalue", "$.status", "$.traceback"}},
		{"ename counts, evalue does not", failed, `{"status":"error","execution_count":0,"ename":"F","evalue":"w","traceback":["x"]}`, []string{"$.ename", "$.traceback[]"}},
		{"MIME types count", ok, `{"status":"ok","execution_count":0,"data":{"text/html":"1"}}`, []string{"$.data.text/html", "$.data.text/plain"}},
		{"status outside an output does not", `{"status":"a"}`, `{"status":"b"}`, nil},
		{"a faster server", statement("waiting", "null"), statement("available", ok), nil},
		{"both ended", statement("available", ok), statement("available", "null"), []string{"$.output"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var paths []string
			for _, d := range compareValues("$", parseValue([]byte(c.want)), parseValue([]byte(c.got))) {
				paths = append(paths, d.Path)
			}
			if !slices.Equal(paths, c.paths) {
				t.Errorf("differences at %v, want %v", paths, c.paths)
			}
		})
	}
}

func TestAllowances(t *testing.T) {
	a := &Allowed{list: []Allowance{
		{"s", "GET /", "$.a", "covers below"},
		{"*", "*", "status", "covers anywhere"},
		{"s", "GET /other", "$.a", "occurs no more"},
		{"unreplayed", "GET /", "$.a", "may occur yet"},
		{"*", "*", "$.none", "for any scenario"},
	}, used: make([]bool, 5)}
	rest := a.Filter([]Difference{
		{Scenario: "s", Request: "GET /", Path: "$.a[].b"},
		{Scenario: "t", Request: "POST /", Path: "status"},
		{Scenario: "s", Request: "GET /", Path: "$.ab"},
		{Scenario: "t", Request: "GET /", Path: "$.a"},
	})
	if len(rest) != 2 || rest[0].Path != "$.ab" || rest[1].Scenario != "t" {
		t.Errorf("not allowed: %v", rest)
	}
	if unused := a.Unused(map[string]bool{"s": true}, false); len(unused) != 1 || unused[0].Why != "occurs no more" {
		t.Errorf("unused: %v", unused)
	}
	if unused := a.Unused(nil, true); len(unused) != 3 {
		t.Errorf("unused after all scenarios: %v", unused)
	}
}
