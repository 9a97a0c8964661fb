// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
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

func FuzzRetryHint(f *testing.F) {
	for _, seed := range []string{"3", "-1", "99999999999999999999", "Sat, 01 Jan 2000 00:00:40 GMT", "until: 1/1/2000 12:01:30 AM (UTC)", "until 2000-01-01T00:01:00.5Z", "until: 2000-01-01 00:01:00 (UTC)"} {
		f.Add(seed, seed)
	}
	now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, header, message string) {
		h := readHint(http.Header{"Retry-After": {header}}, message, now)
		if h.given != (h.after > 0) || h.after > maxHint {
			t.Errorf("%q %q give %+v", header, message, h)
		}
	})
}

// TestUntil reads the ways in which a throttled request's end is written.
func TestUntil(t *testing.T) {
	now := time.Date(2026, 11, 23, 20, 28, 1, 0, time.UTC)
	for _, message := range []string{
		"Request is blocked by the upstream service until: 11/23/2026 8:29:01 PM (UTC)", "UNTIL 11/23/2026 8:29:01 pm", "until: 11/23/2026 20:29:01 (UTC).",
		"until: 2026-11-23T20:29:01Z", "until: 2026-11-23T20:29:01.0000000Z (UTC)", "until: 2026-11-23 20:29:01 (UTC)", "until 2026-11-23 21:29:01+01:00",
	} {
		if h := readHint(nil, message, now); h.after != time.Minute {
			t.Errorf("%q gives %+v", message, h)
		}
	}
}

func FuzzSessionPage(f *testing.F) {
	for _, seed := range []string{`{"items":[{"id":"a"}],"totalCountOfMatchedItems":1}`, `[{"id":1}]`, `{"id":"a"}`, `{"sessions":null}`, `null`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var page sessionPage
		if json.Unmarshal(b, &page) != nil {
			return
		}
		for _, s := range page.sessions {
			if s.ID != "" && !s.ID.Valid() {
				t.Errorf("%q gives %q", b, s.ID)
			}
		}
	})
}

func FuzzHighConcurrencySession(f *testing.F) {
	f.Add([]byte(`{"id":"a","state":"Idle","sessionId":"s","replId":"r","sessionTag":"t"}`))
	f.Add([]byte(`{"id":"a","sessionId":null,"replId":null}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var h HighConcurrencySession
		if json.Unmarshal(b, &h) != nil {
			return
		}
		for _, id := range []SessionID{h.ID, h.SessionID, SessionID(h.ReplID)} {
			if id != "" && !id.Valid() {
				t.Errorf("%q gives %q", b, id)
			}
		}
	})
}
