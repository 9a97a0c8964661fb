// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// The header of a request comes back byte for byte, with what no struct knows
// and in the order of its keys, on the reply and on all of iopub.
func TestW4RawHeaderComesBack(t *testing.T) {
	r := start(t, newEcho())
	for i, header := range []string{
		`{"version":"5.3", "msg_id":"ID","subshell_id":null,"x":{"deep":[1.50,"é"]},"msg_type":"execute_request"}`,
		`{"msg_id":"ID","msg_type":"execute_request","date":null,"session":17}`,
		"{\n \"msg_type\" : \"execute_request\",\"msg_id\":\"ID\",\"username\":\"\\u00e9\\ud83e\\udd80\"}",
	} {
		id := fmt.Sprint("raw-", i)
		m := &wire.Message{
			Header:    wire.Header{MsgID: id},
			RawHeader: []byte(strings.Replace(header, "ID", id, 1)), ParentHeader: []byte("null"), Metadata: []byte("{}"), Content: []byte(`{"code":"echo 1","x":1}`),
		}
		if err := r.client.SendMessage(deadline(t), kerneltest.Shell, m); err != nil {
			t.Fatal(err)
		}
		x := r.wait(t, m, kerneltest.Exchange.Served)
		for _, got := range append(x.IOPub, x.Reply) {
			if !bytes.Equal(got.ParentHeader, m.RawHeader) {
				t.Errorf("%s: parent %s", got.Header.MsgType, got.ParentHeader)
			}
		}
	}
}

// What lies between the client and the kernel may add identities: a reply has
// all of them, in their order, and so does the question to the user.
func TestW6IdentitiesComeBack(t *testing.T) {
	r := start(t, newEcho())
	m, err := r.client.Session().Message(asking("ask ?"), nil)
	if err != nil {
		t.Fatal(err)
	}
	m.Identities = [][]byte{[]byte("broker"), {}, []byte("\x00\xff")}
	if err := r.client.SendMessage(deadline(t), kerneltest.Shell, m); err != nil {
		t.Fatal(err)
	}
	x := r.wait(t, m, asked)
	if diff := cmp.Diff(m.Identities, x.Stdin[0].Identities); diff != "" {
		t.Errorf("of the question: %s", diff)
	}
	if err := r.client.Answer(deadline(t), x.Stdin[0], ""); err != nil {
		t.Fatal(err)
	}
	x = r.wait(t, m, kerneltest.Exchange.Served)
	if diff := cmp.Diff(m.Identities, x.Reply.Identities); diff != "" {
		t.Errorf("of the reply: %s", diff)
	}
}

// Each message of iopub has one frame before the delimiter: its topic.
func TestW7Topic(t *testing.T) {
	r := start(t, newEcho())
	r.request(t, code("all"))
	for _, m := range r.client.Transcript(kerneltest.IOPub) {
		want := "kernel." + m.Header.Session + "." + m.Header.MsgType
		if m.Header.MsgType == "iopub_welcome" {
			want = "" // what was subscribed to
		}
		if len(m.Identities) != 1 || string(m.Identities[0]) != want {
			t.Errorf("%s: topic %q", m.Header.MsgType, m.Identities)
		}
	}
}

func TestW9BuffersAreIgnored(t *testing.T) {
	r := start(t, newEcho())
	m, err := r.client.Session().Message(code("echo 1"), nil)
	if err != nil {
		t.Fatal(err)
	}
	m.Buffers = [][]byte{{}, []byte("\x00\x01"), bytes.Repeat([]byte("b"), 1<<20)}
	if err := r.client.SendMessage(deadline(t), kerneltest.Shell, m); err != nil {
		t.Fatal(err)
	}
	x := r.wait(t, m, kerneltest.Exchange.Served)
	checkBalanced(t, x)
	if len(x.Reply.Buffers) != 0 {
		t.Errorf("%d buffers in the reply", len(x.Reply.Buffers))
	}
}

// VS Code connects to shell and iopub to see whether the kernel is up, and
// hangs up: nothing of that is worth a line.
func TestW16ProbesAreNormal(t *testing.T) {
	r := start(t, newEcho())
	info := r.Connection()
	for _, port := range []int{info.ShellPort, info.IOPubPort, info.ControlPort, info.StdinPort, info.HBPort} {
		for range 10 {
			conn, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", port))
			if err != nil {
				t.Fatal(err)
			}
			conn.Close()
		}
	}
	checkBalanced(t, r.request(t, code("echo 1")))
	if log := r.log.String(); strings.Contains(log, "level=WARN") || strings.Contains(log, "level=ERROR") {
		t.Error(log)
	}
}

// Many messages that are not accepted leave few lines.
func TestW2DroppedMessagesDoNotFillTheLog(t *testing.T) {
	r := start(t, newEcho())
	for range 500 {
		r.sendFrames(t, [][]byte{[]byte("x")})
	}
	checkBalanced(t, r.request(t, code("echo 1")))
	if n := strings.Count(r.log.String(), "level=WARN"); n != 100 {
		t.Errorf("%d warnings", n)
	}
}

// What JupyterLab's validators ask of each message.
func TestW5FieldsAreOfTheirTypes(t *testing.T) {
	r := start(t, evaluator{newEcho()})
	for _, content := range []wire.Content{
		wire.KernelInfoRequest{}, code("all"), code("fail x"), code("bug"), code(""), evaluating("echo", map[string]string{"a": "nothing", "b": "fail"}),
		wire.CompleteRequest{Code: "none"}, wire.CompleteRequest{Code: "fail"}, wire.InspectRequest{}, wire.IsCompleteRequest{}, wire.HistoryRequest{},
		wire.CommInfoRequest{}, wire.InterruptRequest{},
	} {
		r.request(t, content)
	}
	open := r.send(t, kerneltest.Shell, wire.CommOpen{CommID: "c"})
	r.wait(t, open, kerneltest.Exchange.Idle)
	fields := map[string]map[string]string{ // of the content, with their types
		"status": {"execution_state": "string"}, "stream": {"name": "string", "text": "string"}, "iopub_welcome": {"subscription": "string"},
		"display_data": {"data": "object", "metadata": "object", "transient": "object"}, "update_display_data": {"data": "object", "metadata": "object", "transient": "object"},
		"execute_input": {"code": "string", "execution_count": "number"}, "execute_result": {"execution_count": "number", "data": "object", "metadata": "object"},
		"error": {"ename": "string", "evalue": "string", "traceback": "array"}, "clear_output": {"wait": "boolean"}, "comm_close": {"comm_id": "string", "data": "object"},
		"execute_reply":  {"status": "string", "execution_count": "number", "user_expressions": "object", "payload": "array"},
		"complete_reply": {"status": "string"}, "inspect_reply": {"status": "string", "found": "boolean", "data": "object", "metadata": "object"},
		"is_complete_reply": {"status": "string"}, "history_reply": {"status": "string", "history": "array"}, "comm_info_reply": {"status": "string", "comms": "object"},
		"interrupt_reply": {"status": "string"}, "kernel_info_reply": {"status": "string", "protocol_version": "string", "language_info": "object", "help_links": "array", "supported_features": "array"},
	}
	seen := make(map[string]bool)
	for _, m := range append(r.client.Transcript(kerneltest.IOPub), r.client.Transcript(kerneltest.Shell)...) {
		seen[m.Header.MsgType] = true
		checkFields(t, m.Header.MsgType, m.RawHeader, map[string]string{
			"msg_id": "string", "session": "string", "username": "string", "date": "string", "msg_type": "string", "version": "string"})
		checkFields(t, m.Header.MsgType, m.Metadata, nil)
		checkFields(t, m.Header.MsgType, m.ParentHeader, nil)
		checkFields(t, m.Header.MsgType, m.Content, fields[m.Header.MsgType])
	}
	for msgType := range fields {
		if !seen[msgType] {
			t.Errorf("no %s was seen", msgType)
		}
	}
}

func checkFields(t *testing.T, msgType string, raw json.RawMessage, fields map[string]string) {
	t.Helper()
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil || object == nil {
		t.Errorf("%s: no object: %s", msgType, raw)
		return
	}
	for name, want := range fields {
		if got := jsonType(object[name]); got != want {
			t.Errorf("%s: %s is %s, want %s", msgType, name, got, want)
		}
	}
	for name, value := range object {
		if jsonType(value) == "null" || slices.Contains([]string{"traceback", "payload", "matches"}, name) && jsonType(value) != "array" {
			t.Errorf("%s: %s is %s", msgType, name, value)
		}
	}
}

func jsonType(raw json.RawMessage) string {
	if len(raw) == 0 {
		return "absent"
	}
	switch raw[0] {
	case '"':
		return "string"
	case '{':
		return "object"
	case '[':
		return "array"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	return "number"
}
