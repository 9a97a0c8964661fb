// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package wire_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// contentOf is the encoded content of a message.
func contentOf(t *testing.T, c wire.Content) string {
	t.Helper()
	m, err := wire.NewSession(nil, "u").Message(c, nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(m.Content)
}

func TestW5W8Content(t *testing.T) {
	stop, four := 3, "    "
	for name, c := range map[string]struct {
		content wire.Content
		want    string
	}{
		"nothing is null": {wire.KernelInfoReply{Status: "ok", LanguageInfo: wire.LanguageInfo{Name: "n", Version: "1"}},
			`{"status":"ok","protocol_version":"","implementation":"","implementation_version":"",` +
				`"language_info":{"name":"n","version":"1","mimetype":"","file_extension":""},` +
				`"banner":"","debugger":false,"help_links":[],"supported_features":[]}`},
		"empty error":       {wire.ErrorContent{}, `{"ename":"","evalue":"","traceback":[]}`},
		"empty display":     {wire.DisplayData{}, `{"data":{},"metadata":{},"transient":{}}`},
		"update of display": {wire.UpdateDisplayData{Transient: wire.Transient{DisplayID: "d"}}, `{"data":{},"metadata":{},"transient":{"display_id":"d"}}`},
		"empty history":     {wire.HistoryReply{Status: "ok"}, `{"status":"ok","history":[]}`},
		"history": {wire.HistoryReply{Status: "ok", History: wire.HistoryEntries{
			{Session: 0, Line: 1, Input: "a<b"}, {Line: 2, Input: "b", WithOutput: true}, {Line: 3, Input: "c", Output: "d", WithOutput: true}}},
			`{"status":"ok","history":[[0,1,"a<b"],[0,2,["b",null]],[0,3,["c","d"]]]}`},
		"no comms":           {wire.CommInfoReply{Status: "ok"}, `{"status":"ok","comms":{}}`},
		"comm_close":         {wire.CommClose{CommID: "c"}, `{"comm_id":"c","data":{}}`},
		"complete":           {wire.IsCompleteReply{Status: wire.Complete}, `{"status":"complete"}`},
		"incomplete":         {wire.IsCompleteReply{Status: wire.Incomplete, Indent: &four}, `{"status":"incomplete","indent":"    "}`},
		"no matches":         {wire.CompleteReply{Status: "ok", CursorStart: 1, CursorEnd: 2}, `{"status":"ok","matches":[],"cursor_start":1,"cursor_end":2,"metadata":{}}`},
		"not found":          {wire.InspectReply{Status: "ok"}, `{"status":"ok","found":false,"data":{},"metadata":{}}`},
		"history request":    {wire.HistoryRequest{HistAccessType: "range", Stop: &stop}, `{"output":false,"raw":false,"hist_access_type":"range","session":0,"start":0,"stop":3,"n":0,"pattern":"","unique":false}`},
		"aborted":            {wire.ExecuteReply{Status: wire.StatusAborted, ExecutionCount: 2}, `{"status":"aborted","execution_count":2}`},
		"ok":                 {wire.ExecuteReply{Status: "ok", ExecutionCount: 2, UserExpressions: map[string]wire.ExpressionResult{}, Payload: []json.RawMessage{}}, `{"status":"ok","execution_count":2,"user_expressions":{},"payload":[]}`},
		"error without text": {wire.ExecuteReply{Status: "error", ErrorContent: &wire.ErrorContent{EName: "E"}}, `{"status":"error","execution_count":0,"ename":"E","evalue":"","traceback":[]}`},
		"HTML as it is":      {wire.Stream{Name: wire.Stdout, Text: "<b>&amp;"}, `{"name":"stdout","text":"<b>&amp;"}`},
		"HTML in a bundle":   {wire.ExecuteResult{Data: wire.MIMEBundle{"text/html": []byte(`"<b>"`)}}, `{"execution_count":0,"data":{"text/html":"<b>"},"metadata":{}}`},
		"bytes not UTF-8":    {wire.Stream{Name: wire.Stdout, Text: "a\xffb"}, "{\"name\":\"stdout\",\"text\":\"a\ufffdb\"}"},
		"encoded not UTF-8":  {wire.ExecuteResult{Data: wire.MIMEBundle{"a/b": []byte("\"\xff\"")}}, "{\"execution_count\":0,\"data\":{\"a/b\":\"\ufffd\"},\"metadata\":{}}"},
		"lone surrogates": {wire.ExecuteResult{Data: wire.MIMEBundle{"a/b": []byte(`"\ud83d\ude00 \ud83d \ude00 \\ud83d \ud83d\u0041\n\uD83D"`)}},
			`{"execution_count":0,"data":{"a/b":"\ud83d\ude00 \ufffd \ufffd \\ud83d \ufffd\u0041\n\ufffd"},"metadata":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			// U+FFFD may be written as itself or as an escape.
			plain := strings.NewReplacer(`\ufffd`, "\ufffd")
			if got := contentOf(t, c.content); plain.Replace(got) != plain.Replace(c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestW8NotJSONIsAnError(t *testing.T) {
	c := wire.DisplayData{Data: wire.MIMEBundle{"a/b": []byte("{")}}
	if _, err := wire.NewSession(nil, "u").Message(c, nil); err == nil {
		t.Error("no error")
	}
}

func TestX1ExecuteRequestDefaults(t *testing.T) {
	for in, want := range map[string]wire.ExecuteRequest{
		`{}`:                                   {StoreHistory: true, StopOnError: true},
		`{"silent":true}`:                      {Silent: true, StopOnError: true},
		`{"store_history":null}`:               {StoreHistory: true, StopOnError: true},
		`{"silent":true,"store_history":true}`: {Silent: true, StopOnError: true},
		`{"code":"1","stop_on_error":false,"allow_stdin":true,"x":[]}`: {Code: "1", StoreHistory: true, AllowStdin: true},
		`{"store_history":false,"user_expressions":{"a":"b"}}`:         {StopOnError: true, UserExpressions: map[string]string{"a": "b"}},
	} {
		var got wire.ExecuteRequest
		m := wire.Message{Content: []byte(in)}
		if err := m.Decode(&got); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", in, diff)
		}
	}
}

func TestR5HistoryEntryBothWays(t *testing.T) {
	want := wire.HistoryReply{Status: "ok", History: wire.HistoryEntries{
		{Session: 1, Line: 1, Input: "a"}, {Line: 2, Input: "b", WithOutput: true}, {Line: 3, Input: "c", Output: "d", WithOutput: true}}}
	var got wire.HistoryReply
	if err := json.Unmarshal([]byte(contentOf(t, want)), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{`[[1,2]]`, `[[1,2,["a"]]]`, `[3]`, `[["a",2,"b"]]`} {
		if err := json.Unmarshal([]byte(bad), &got.History); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}

func TestW3W4Header(t *testing.T) {
	kernel, client := wire.NewSession([]byte(key), "me"), wire.NewSession([]byte(key), "u")
	request, err := client.Parse(frames(header, "{}", "{}", "{}"))
	if err != nil {
		t.Fatal(err)
	}
	reply, err := kernel.Message(wire.InterruptReply{Status: wire.StatusOK}, request)
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.Parse(kernel.Frames(reply))
	if err != nil {
		t.Fatal(err)
	}
	if string(got.ParentHeader) != header {
		t.Errorf("parent header is not the request's bytes: %s", got.ParentHeader)
	}
	if diff := cmp.Diff(request.Identities, got.Identities); diff != "" {
		t.Errorf("identities: %s", diff)
	}
	h := got.Header
	if h.Session != kernel.ID() || h.Session == client.ID() || h.MsgID == "m1" || h.MsgID == "" || h.Username != "me" || h.MsgType != "interrupt_reply" {
		t.Errorf("header %+v", h)
	}
	if _, err := time.Parse("2006-01-02T15:04:05.000000Z", h.Date); err != nil {
		t.Error(err)
	}
}
