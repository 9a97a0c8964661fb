// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestBodies(t *testing.T) {
	cases := []struct{ body, want string }{
		{`{"kind":"pyspark"}`, ""},
		{`{}`, ""},
		{`{"conf":null,"jars":null,"driverCores":null,"ttl":null}`, ""},
		{"", "No content to map due to end-of-input"},
		{" \n", "No content to map due to end-of-input"},
		{"[]", "Cannot deserialize"},
		{"null", "Cannot deserialize"},
		{"{not json", "Cannot deserialize"},
		{`{} {}`, "Cannot deserialize"},
		{`{"driverCores":"x"}`, "Cannot deserialize"},
		{`{"driverCores":1e99}`, "Cannot deserialize"},
		{`{"conf":{"a":{}}}`, "Cannot deserialize"},
		{`{"conf":{"a":null}}`, "Cannot deserialize"},
		{`{"Kind":"pyspark"}`, `Unrecognized field "Kind"`},
		{`{"unknownField":1}`, `Unrecognized field "unknownField", not marked as ignorable (17 known properties: "executorCores", "conf"`},
	}
	for _, c := range cases {
		var into createBody
		got := ""
		if err := createFields.decode([]byte(c.body), &into); err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, c.want) || (c.want == "") != (got == "") {
			t.Errorf("%s: got %q, want %q", c.body, got, c.want)
		}
	}
}

func TestABodyThatIsTooLargeIsRefused(t *testing.T) {
	w := httptest.NewRecorder()
	body := strings.NewReader(strings.Repeat(" ", maxBody+1))
	var into statementBody
	if readBody(w, httptest.NewRequestWithContext(t.Context(), "POST", "/", body), statementFields, &into) || w.Code != 413 {
		t.Errorf("status %d", w.Code)
	}
}

func FuzzCreateBody(f *testing.F) {
	for _, seed := range []string{`{"kind":"pyspark","conf":{"a":1}}`, "", "null", `{"conf":{"a":}}`, `{"name":"\ud800"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var into createBody
		if createFields.decode(body, &into) == nil && !json.Valid(body) {
			t.Errorf("%q was accepted", body)
		}
	})
}

func FuzzPaging(f *testing.F) {
	f.Add("from=1&size=2")
	f.Add("from=-2147483648&size=2147483647")
	f.Add("size=abc")
	list := []int{0, 1, 2}
	f.Fuzz(func(t *testing.T, raw string) {
		query, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		from, size, err := paging(query, 0, 100)
		if err != nil {
			return
		}
		var ring logRing
		ring.add("x")
		if _, start, total := ring.page(from, size); total != 3 || start < 0 {
			t.Errorf("page(%d, %d) starts at %d of %d", from, size, start, total)
		}
		if got := slice(list, from, size); int64(len(got)) > max(size, 0) {
			t.Errorf("slice(%d, %d) has %d elements", from, size, len(got))
		}
	})
}

func TestFloatsHaveADecimalPoint(t *testing.T) {
	for in, want := range map[float]string{0: "0.0", 1: "1.0", 0.5: "0.5", 1.0 / 3: "0.3333333333333333", 1e-7: "0.0000001"} {
		if got, err := json.Marshal(in); err != nil || string(got) != want {
			t.Errorf("%v is %s, want %s", float64(in), got, want)
		}
	}
}
