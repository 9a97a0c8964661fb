// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestDecodeSession(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       Session
	}{
		{"apache", `{"id":0,"name":null,"appId":null,"owner":null,"proxyUser":null,"state":"starting","kind":"pyspark","appInfo":{"driverLogUrl":null,"sparkUiUrl":null},"log":["stdout: ","\nstderr: "],"ttl":null,"driverCores":0,"conf":{}}`,
			Session{ID: "0", State: SessionStarting, Kind: KindPySpark, AppInfo: AppInfo{}, Log: []string{"stdout: ", "\nstderr: "}}},
		{"fabric", `{"id":"0b6b3d2c-1111-4222-8333-944455556666","state":"Idle","appInfo":{"sparkUiUrl":"https://h/ui","n":1},"livyInfo":{}}`,
			Session{ID: "0b6b3d2c-1111-4222-8333-944455556666", State: SessionIdle, AppInfo: AppInfo{"sparkUiUrl": "https://h/ui"}}},
		{"odd appInfo", `{"id":1,"state":"busy","appInfo":[1]}`, Session{ID: "1", State: SessionBusy}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got Session
			if err := json.Unmarshal([]byte(c.body), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeOutput(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       Output
	}{
		{"list", `{"status":"error","execution_count":3,"ename":"E","evalue":"v","traceback":["a\n","b\n"]}`,
			Output{Status: "error", ExecutionCount: 3, EName: "E", EValue: "v", Traceback: []string{"a\n", "b\n"}}},
		{"string", `{"status":"error","executionCount":4,"traceback":"a\nb"}`, Output{Status: "error", ExecutionCount: 4, Traceback: []string{"a\nb"}}},
		{"data", `{"status":"ok","data":{"application/json":{"n":9007199254740993}}}`,
			Output{Status: "ok", Data: map[string]json.RawMessage{"application/json": json.RawMessage(`{"n":9007199254740993}`)}}},
		{"null traceback", `{"status":"error","traceback":null}`, Output{Status: "error"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got Output
			if err := json.Unmarshal([]byte(c.body), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzErrorMessage(f *testing.F) {
	for _, seed := range []string{`{"msg":"x"}`, `"x"`, "<html><body>x</body>", "<img src=x onerror=y", "&lt;b&gt;", "\"\u202ex\"", "", "\x1b]0;x\x07", `{"msg":1}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var e APIError
		e.read(body, nil)
		said := e.Message
		if len(said) > maxMessage+len("…") || !utf8.ValidString(said) || strings.ContainsFunc(said, unicode.IsControl) {
			t.Errorf("%q gives %q", body, said)
		}
		if !json.Valid(body) && strings.ContainsAny(said, "<>") {
			t.Errorf("%q leaves markup in %q", body, said)
		}
	})
}

func FuzzSessionID(f *testing.F) {
	for _, seed := range []string{"0", `"a-b"`, `"../x"`, "1e9", "-1", "null", "1.5"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var id SessionID
		if json.Unmarshal(b, &id) == nil && id != "" && (!id.Valid() || strings.ContainsAny(string(id), "/?#%. ")) {
			t.Errorf("%q gives %q", b, id)
		}
	})
}

func FuzzOutput(f *testing.F) {
	f.Add([]byte(`{"status":"ok","data":{"text/plain":"x"},"traceback":["a"]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var o Output
		_ = json.Unmarshal(b, &o) // It must not panic, nor take what is not JSON.
		if !json.Valid(b) && o.Status != "" {
			t.Errorf("%q gives %+v", b, o)
		}
	})
}
