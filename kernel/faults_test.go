// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// sendFrames sends frames that no client should send, by shell and by control.
func (r *running) sendFrames(t *testing.T, frames [][]byte) {
	t.Helper()
	for _, channel := range []kerneltest.Channel{kerneltest.Shell, kerneltest.Control} {
		if err := r.client.SendFrames(deadline(t), channel, frames); err != nil {
			t.Fatal(err)
		}
	}
}

// checkUnmoved fails if anything was published since the kernel's start, or if
// the kernel serves no more.
func (r *running) checkUnmoved(t *testing.T, b *echoBackend, dropped int) {
	t.Helper()
	info, err := r.client.Request(deadline(t), kerneltest.Control, wire.KernelInfoRequest{})
	if err != nil {
		t.Fatal(err)
	}
	checkBalanced(t, info)
	cell := r.request(t, code("echo good"))
	checkBalanced(t, cell)
	if diff := cmp.Diff([]string{"echo good"}, b.codes()); diff != "" {
		t.Errorf("cells that ran: %s", diff)
	}
	// welcome, starting, and what the two good requests brought about
	if n, want := len(r.client.Transcript(kerneltest.IOPub)), 2+len(info.IOPub)+len(cell.IOPub); n != want {
		t.Errorf("%d messages on iopub, want %d", n, want)
	}
	if n := strings.Count(r.log.String(), "message dropped"); n != dropped {
		t.Errorf("%d lines in the log, want %d:\n%s", n, dropped, r.log)
	}
}

func TestW2Row01WrongSignature(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	stranger := wire.NewSession([]byte("another key"), "stranger")
	for _, content := range []wire.Content{code("echo evil"), wire.ShutdownRequest{}, wire.InterruptRequest{}} {
		m, err := stranger.Message(content, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.sendFrames(t, stranger.Frames(m))
	}
	r.checkUnmoved(t, b, 6)
}

func TestW2Row02MalformedFrames(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	m, err := r.client.Session().Message(code("echo evil"), nil)
	if err != nil {
		t.Fatal(err)
	}
	good := r.client.Session().Frames(m)
	for _, frames := range [][][]byte{
		{[]byte("hello")},
		{{}},
		{[]byte("<IDS|MSG>")},
		good[:5],
		good[1:],
		slices.Repeat([][]byte{{}}, 100),
	} {
		r.sendFrames(t, frames)
	}
	r.checkUnmoved(t, b, 12)
}

func TestW2Row03SignedNonsense(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	sent := 0
	nonsense := func(header, content string) *wire.Message {
		sent++
		id := fmt.Sprint("nonsense-", sent)
		return &wire.Message{
			Header:       wire.Header{MsgID: id},
			RawHeader:    []byte(strings.ReplaceAll(header, "ID", id)),
			ParentHeader: []byte("{}"), Metadata: []byte("3"), Content: []byte(content),
		}
	}
	for _, m := range []*wire.Message{nonsense("{", "{}"), nonsense("17", "{}"), nonsense(`{"msg_type":"execute_request"}`, "{")} {
		if err := r.client.SendMessage(deadline(t), kerneltest.Shell, m); err != nil {
			t.Fatal(err)
		}
	}
	for _, msgType := range []string{"execute", "complete", "inspect", "is_complete", "history"} {
		m := nonsense(`{"msg_id":"ID","msg_type":"`+msgType+`_request"}`, "17")
		if err := r.client.SendMessage(deadline(t), kerneltest.Shell, m); err != nil {
			t.Fatal(err)
		}
		x := r.wait(t, m, kerneltest.Exchange.Served)
		checkBalanced(t, x)
		if got := decoded[wire.ExecuteReply](t, x.Reply); got.Status != wire.StatusError || got.EName != "InvalidRequest" || len(got.Traceback) == 0 {
			t.Errorf("%s: %s", msgType, x.Reply.Content)
		}
	}
	for _, msgType := range []string{"comm_open", "debug_request", "create_subshell_request", "anything"} {
		m := nonsense(`{"msg_id":"ID","msg_type":"`+msgType+`"}`, "[]")
		if err := r.client.SendMessage(deadline(t), kerneltest.Shell, m); err != nil {
			t.Fatal(err)
		}
		x := r.wait(t, m, kerneltest.Exchange.Idle)
		if diff := cmp.Diff([]string{wire.Busy, wire.Idle}, x.Types()); diff != "" || x.Replies != 0 {
			t.Errorf("%s: %d replies, %s", msgType, x.Replies, diff)
		}
	}
	checkBalanced(t, r.request(t, code("echo good")))
	if diff := cmp.Diff([]string{"echo good"}, b.codes()); diff != "" {
		t.Error(diff)
	}
}

func TestW2Row04Replay(t *testing.T) {
	b := newEcho()
	r := start(t, b)
	m := r.send(t, kerneltest.Shell, code("echo once"))
	r.wait(t, m, kerneltest.Exchange.Served)
	r.sendFrames(t, r.client.Session().Frames(m))
	x := r.request(t, code("echo good"))
	checkBalanced(t, x)
	if diff := cmp.Diff([]string{"echo once", "echo good"}, b.codes()); diff != "" {
		t.Error(diff)
	}
	checkBalanced(t, r.wait(t, m, kerneltest.Exchange.Served))
}

func TestRow14Panic(t *testing.T) {
	r := start(t, newEcho())
	x := r.request(t, code("panic"))
	checkBalanced(t, x)
	reply := decoded[wire.ExecuteReply](t, x.Reply)
	if reply.Status != wire.StatusError || reply.EName != "KernelInternalError" || !strings.Contains(reply.EValue, "echo 1.2.3") {
		t.Errorf("reply %s", x.Reply.Content)
	}
	if diff := cmp.Diff(*reply.ErrorContent, decoded[wire.ErrorContent](t, x.Find("error"))); diff != "" {
		t.Errorf("error and reply differ: %s", diff)
	}
	if log := r.log.String(); !strings.Contains(log, "backend_test.go") {
		t.Errorf("no stack in the log:\n%s", log)
	}
	checkBalanced(t, r.request(t, code("echo good")))
}
