// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Each golden file is all that one request brings about, reply last.
func TestGoldenMessages(t *testing.T) {
	stop := 2
	steps := []struct {
		name    string
		content wire.Content
		done    func(kerneltest.Exchange) bool // Served if nil
	}{
		{name: "kernel_info", content: wire.KernelInfoRequest{}},
		{name: "execute_result", content: code("echo <b>x</b>")},
		{name: "execute_outputs", content: code("all")},
		{name: "execute_error", content: code("fail bad value")},
		{name: "execute_traceback", content: code("traceback")},
		{name: "execute_internal_error", content: code("bug")},
		{name: "execute_blank", content: code(" \n")},
		{name: "execute_silent", content: wire.ExecuteRequest{Code: "all", Silent: true}},
		{name: "execute_silent_error", content: wire.ExecuteRequest{Code: "fail x", Silent: true, StopOnError: true}},
		{name: "execute_not_stored", content: wire.ExecuteRequest{Code: "echo y"}},
		{name: "execute_user_expressions", content: wire.ExecuteRequest{Code: "echo y", UserExpressions: map[string]string{"e": "1+1"}}},
		{name: "execute_not_json", content: code("notjson")},
		{name: "is_complete", content: wire.IsCompleteRequest{Code: "x"}},
		{name: "is_complete_incomplete", content: wire.IsCompleteRequest{Code: "if x:"}},
		{name: "is_complete_panic", content: wire.IsCompleteRequest{Code: "panic"}},
		{name: "complete", content: wire.CompleteRequest{Code: "a😀b", CursorPos: 3}},
		{name: "complete_none", content: wire.CompleteRequest{Code: "none", CursorPos: 0}},
		{name: "complete_outside", content: wire.CompleteRequest{Code: "a😀", CursorPos: 99}},
		{name: "complete_error", content: wire.CompleteRequest{Code: "fail"}},
		{name: "inspect", content: wire.InspectRequest{Code: "x", CursorPos: -1, DetailLevel: 1}},
		{name: "inspect_nothing", content: wire.InspectRequest{}},
		{name: "history_tail", content: wire.HistoryRequest{HistAccessType: "tail", N: 2}},
		{name: "history_range", content: wire.HistoryRequest{HistAccessType: "range", Start: 1, Stop: &stop, Output: true}},
		{name: "history_nothing", content: wire.HistoryRequest{HistAccessType: "search", Pattern: "nothing"}},
		{name: "comm_info", content: wire.CommInfoRequest{TargetName: "jupyter.widget"}},
		{name: "comm_open", content: wire.CommOpen{CommID: "c1", TargetName: "jupyter.widget"}, done: kerneltest.Exchange.Idle},
		{name: "comm_msg", content: wire.CommMsg{CommID: "c1"}, done: kerneltest.Exchange.Idle},
		{name: "interrupt", content: wire.InterruptRequest{}},
		{name: "unknown", content: unknown{}, done: kerneltest.Exchange.Idle},
		{name: "shutdown", content: wire.ShutdownRequest{Restart: true}},
	}
	r := start(t, newEcho())
	for _, step := range steps {
		if step.done == nil {
			step.done = kerneltest.Exchange.Served
		}
		request := r.send(t, kerneltest.Shell, step.content)
		x := r.wait(t, request, step.done)
		checkGolden(t, step.name, request, x)
	}
	checkGoldenStart(t, r)
}

// What a cell brings about that is asked, interrupted, aborted or evaluated.
func TestGoldenCells(t *testing.T) {
	b := evaluator{newEcho()}
	r := start(t, b)
	golden := func(name string, request *wire.Message) {
		t.Helper()
		checkGolden(t, name, request, r.wait(t, request, kerneltest.Exchange.Served))
	}
	golden("execute_evaluated", r.send(t, kerneltest.Shell, evaluating("echo y", map[string]string{"a": "x", "b": "fail", "c": "nothing"})))
	golden("input_refused", r.send(t, kerneltest.Shell, code("ask Your name?")))
	cell := r.send(t, kerneltest.Shell, asking("password Your secret?"))
	if err := r.client.Answer(deadline(t), r.wait(t, cell, asked).Stdin[0], "a<b"); err != nil {
		t.Fatal(err)
	}
	golden("input", cell)
	cell = r.send(t, kerneltest.Shell, code("wait"))
	<-b.begun
	aborted := r.send(t, kerneltest.Shell, code("echo never"))
	interrupt := r.send(t, kerneltest.Shell, wire.InterruptRequest{})
	golden("interrupt_busy", interrupt)
	golden("execute_interrupted", cell)
	golden("execute_aborted", aborted)
	invalid, err := r.client.Session().Message(wire.CompleteRequest{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	invalid.Content = []byte(`{"code":17}`)
	if err := r.client.SendMessage(deadline(t), kerneltest.Shell, invalid); err != nil {
		t.Fatal(err)
	}
	golden("invalid_request", invalid)
	cell = r.send(t, kerneltest.Shell, code("wait"))
	<-b.begun
	golden("shutdown_busy", r.send(t, kerneltest.Control, wire.ShutdownRequest{}))
	golden("execute_shutdown", cell)
}

func checkGoldenStart(t *testing.T, r *running) {
	t.Helper()
	start := kerneltest.Exchange{}
	for _, m := range r.client.Transcript(kerneltest.IOPub) {
		if string(m.ParentHeader) == "{}" {
			start.IOPub = append(start.IOPub, m)
		}
	}
	checkGolden(t, "start", nil, start)
}

// unknown is a request that no specification knows.
type unknown struct{}

func (unknown) MsgType() string { return "make_coffee_request" }

func checkGolden(t *testing.T, name string, request *wire.Message, x kerneltest.Exchange) {
	t.Helper()
	var b strings.Builder
	for _, m := range x.IOPub {
		writeMessage(t, &b, "iopub", request, m)
	}
	for _, m := range x.Stdin {
		writeMessage(t, &b, "stdin", request, m)
	}
	if x.Reply != nil {
		writeMessage(t, &b, string(x.Channel), request, x.Reply)
	}
	got := normalise(b.String())
	path := filepath.Join("testdata", "messages", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s:\n%s", name, diff)
	}
}

// writeMessage writes all of a message. The parent header is replaced by how
// it relates to the request's.
func writeMessage(t *testing.T, b *strings.Builder, channel string, request, m *wire.Message) {
	t.Helper()
	parent := string(m.ParentHeader)
	if request != nil && bytes.Equal(m.ParentHeader, request.RawHeader) {
		parent = "(the request's)"
	}
	var topics []string
	for _, id := range m.Identities {
		topics = append(topics, string(id))
	}
	fmt.Fprintf(b, "%s %s\n", channel, m.Header.MsgType)
	fmt.Fprintf(b, "  topic    %q\n  header   %s\n  parent   %s\n  metadata %s\n", topics, m.RawHeader, parent, m.Metadata)
	for _, line := range members(t, m.Content) {
		fmt.Fprintf(b, "  content  %s\n", line)
	}
}

// members is one line for each member of a content.
func members(t *testing.T, content json.RawMessage) []string {
	t.Helper()
	var object map[string]json.RawMessage
	if err := json.Unmarshal(content, &object); err != nil {
		t.Fatalf("content is no object: %s", content)
	}
	var lines []string
	for name, value := range object {
		if string(value) == "null" {
			t.Errorf("%s is null", name)
		}
		lines = append(lines, name+": "+string(value))
	}
	slices.Sort(lines)
	return lines
}

func normalise(s string) string {
	s = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`).ReplaceAllString(s, "UUID")
	s = regexp.MustCompile(`"date":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"`).ReplaceAllString(s, `"date":"DATE"`)
	return regexp.MustCompile(`"username":"[^"]*"`).ReplaceAllString(s, `"username":"USER"`)
}
