// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"bytes"
	"fmt"
	"net"
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
		`{"msg_id":"ID","msg_type":"execute_request","subshell_id":"s-1"}`, // C9: there are none, so it is the main one
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
