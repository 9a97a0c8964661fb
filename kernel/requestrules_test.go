// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// message is a content of any type.
type message string

func (m message) MsgType() string { return string(m) }

func (message) MarshalJSON() ([]byte, error) { return []byte("{}"), nil }

// Every request has its busy, its idle and its one reply, on both channels;
// what is no request, or not known, has no reply.
func TestO1R7C8C9C11EveryMessageOnBothChannels(t *testing.T) {
	r := start(t, newEcho())
	for _, channel := range []kerneltest.Channel{kerneltest.Shell, kerneltest.Control} {
		for _, msgType := range []message{
			"kernel_info_request", "execute_request", "is_complete_request", "complete_request", "inspect_request", "history_request",
			"comm_info_request", "interrupt_request",
		} {
			x, err := r.client.Request(deadline(t), channel, msgType)
			if err != nil {
				t.Fatalf("%s on %s: %v", msgType, channel, err)
			}
			checkBalanced(t, x)
			if x.Channel != channel || x.Reply.Header.MsgType != wire.ReplyType(string(msgType)) {
				t.Errorf("%s on %s: %s on %s", msgType, channel, x.Reply.Header.MsgType, x.Channel)
			}
		}
		// C8: no debugger. C9: no subshells. C11: usage_request is optional. R7:
		// connect_request is deprecated.
		for _, msgType := range []message{
			"debug_request", "create_subshell_request", "delete_subshell_request", "list_subshell_request", "connect_request", "usage_request",
			"make_coffee_request", "comm_msg", "comm_close", "comm_open", "input_reply", "execute_reply", "",
		} {
			request := r.send(t, channel, msgType)
			if msgType == "" { // a message without a type is none
				continue
			}
			x := r.wait(t, request, kerneltest.Exchange.Idle)
			types := slices.DeleteFunc(x.Types(), func(s string) bool { return s == "comm_close" && msgType == "comm_open" })
			if diff := cmp.Diff([]string{wire.Busy, wire.Idle}, types); diff != "" || x.Replies != 0 {
				t.Errorf("%s on %s: %d replies, %s", msgType, channel, x.Replies, diff)
			}
		}
	}
	if x := r.request(t, wire.KernelInfoRequest{}); x.Replies != 1 {
		t.Error("the kernel answers no more")
	}
}

// C10: nothing is listed that is not there.
func TestC8C9C10R1KernelInfo(t *testing.T) {
	r := start(t, newEcho())
	info := decoded[wire.KernelInfoReply](t, r.request(t, wire.KernelInfoRequest{}).Reply)
	if info.Status != wire.StatusOK || info.ProtocolVersion != "5.5" || info.Debugger || len(info.SupportedFeatures) != 0 || info.LanguageInfo.Version == "" {
		t.Errorf("%+v", info)
	}
}

// Cursors count code points, and what lies outside the code is its border.
func TestR2R3Cursors(t *testing.T) {
	r := start(t, newEcho())
	const mixed = "e\u0301😀\u200d🦀x" // six code points, of which one is on its own to a reader
	for _, c := range []struct {
		code         string
		cursor, want int
	}{
		{"", 0, 0}, {"", 7, 0}, {"", -1, 0}, {"abc", 0, 0}, {"abc", 3, 3}, {"abc", 4, 3},
		{mixed, 2, 2}, {mixed, 3, 3}, {mixed, 6, 6}, {mixed, 7, 6}, {mixed, len(mixed), 6}, {mixed, -5, 0}, {"a\r\nb", 4, 4},
	} {
		complete := decoded[wire.CompleteReply](t, r.request(t, wire.CompleteRequest{Code: c.code, CursorPos: c.cursor}).Reply)
		if complete.Status != wire.StatusOK || complete.CursorEnd != c.want || complete.Matches[0] != fmt.Sprint("at", c.want) {
			t.Errorf("complete %q at %d: %+v", c.code, c.cursor, complete)
		}
		if c.code == "" {
			continue
		}
		inspect := decoded[wire.InspectReply](t, r.request(t, wire.InspectRequest{Code: c.code, CursorPos: c.cursor, DetailLevel: 1}).Reply)
		var said string
		if err := json.Unmarshal(inspect.Data["text/plain"], &said); err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("%s at %d, level 1", c.code, c.want); said != want || !inspect.Found {
			t.Errorf("inspect at %d: %q", c.cursor, said)
		}
	}
}

// What clients ask of the history, and the two shapes of its entries.
func TestR5HistoryOfCells(t *testing.T) {
	r := start(t, newEcho())
	for _, c := range []wire.ExecuteRequest{code("echo 1"), {Code: "echo unstored"}, {Code: "echo silent", Silent: true}, code("fail"), code(" "), code("echo 1"), code("print é")} {
		r.request(t, c)
	}
	for name, c := range map[string]struct{ request, want string }{
		"tail":                 {`{"hist_access_type":"tail","n":2,"output":false,"raw":true}`, `[[1,3,"echo 1"],[1,4,"print é"]]`},
		"tail with output":     {`{"hist_access_type":"tail","n":2,"output":true}`, `[[1,3,["echo 1","1"]],[1,4,["print é",null]]]`},
		"range of all":         {`{"hist_access_type":"range","session":0,"start":0}`, `[[1,1,"echo 1"],[1,2,"fail"],[1,3,"echo 1"],[1,4,"print é"]]`},
		"range with nulls":     {`{"hist_access_type":"range","session":0,"start":1,"stop":null}`, `[[1,1,"echo 1"],[1,2,"fail"],[1,3,"echo 1"],[1,4,"print é"]]`},
		"search":               {`{"hist_access_type":"search","pattern":"echo*","n":10}`, `[[1,1,"echo 1"],[1,3,"echo 1"]]`},
		"search unique output": {`{"hist_access_type":"search","pattern":"echo*","n":10,"unique":true,"output":true}`, `[[1,3,["echo 1","1"]]]`},
		"unknown type":         {`{"hist_access_type":"everything"}`, `[[1,1,"echo 1"],[1,2,"fail"],[1,3,"echo 1"],[1,4,"print é"]]`},
	} {
		m, err := r.client.Session().Message(wire.HistoryRequest{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		m.Content = []byte(c.request)
		if err := r.client.SendMessage(deadline(t), kerneltest.Shell, m); err != nil {
			t.Fatal(err)
		}
		x := r.wait(t, m, kerneltest.Exchange.Served)
		if want := `{"status":"ok","history":` + c.want + `}`; string(x.Reply.Content) != want {
			t.Errorf("%s: %s", name, x.Reply.Content)
		}
	}
}

// The indent goes with incomplete code alone.
func TestR4IsComplete(t *testing.T) {
	r := start(t, newEcho())
	for source, want := range map[string]string{
		"x":     `{"status":"complete"}`,
		"if x:": `{"status":"incomplete","indent":"  "}`,
	} {
		if got := string(r.request(t, wire.IsCompleteRequest{Code: source}).Reply.Content); got != want {
			t.Errorf("%q: %s", source, got)
		}
	}
}

// A target that is not known is closed, on iopub, at once.
func TestR6CommOpen(t *testing.T) {
	r := start(t, newEcho())
	for _, channel := range []kerneltest.Channel{kerneltest.Shell, kerneltest.Control} {
		request := r.send(t, channel, wire.CommOpen{CommID: "c-1", TargetName: "jupyter.widget", Data: []byte(`{"a":1}`)})
		x := r.wait(t, request, kerneltest.Exchange.Idle)
		if diff := cmp.Diff([]string{wire.Busy, "comm_close", wire.Idle}, x.Types()); diff != "" || x.Replies != 0 {
			t.Errorf("%d replies, %s", x.Replies, diff)
		}
		if got := string(x.Find("comm_close").Content); got != `{"comm_id":"c-1","data":{}}` {
			t.Error(got)
		}
	}
}

var _ kernel.Evaluator = evaluator{}
