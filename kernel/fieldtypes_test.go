// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

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
