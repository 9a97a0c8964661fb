// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/kernel/zmtp"
)

// A client that asks before its subscription is in still sees busy and idle.
func TestO4NothingIsPublishedBeforeTheSubscription(t *testing.T) {
	r := listen(t, newEcho())
	info := r.Connection()
	session := wire.NewSession([]byte(info.Key), "late")
	shell, err := zmtp.Dial(deadline(t), info.Address(info.ShellPort), zmtp.Dealer)
	if err != nil {
		t.Fatal(err)
	}
	defer shell.Close()
	request, err := session.Message(wire.KernelInfoRequest{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := shell.Send(deadline(t), session.Frames(request)); err != nil {
		t.Fatal(err)
	}
	iopub, err := zmtp.Dial(deadline(t), info.Address(info.IOPubPort), zmtp.Sub)
	if err != nil {
		t.Fatal(err)
	}
	defer iopub.Close()
	if err := iopub.Subscribe(nil); err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 4 {
		frames, err := iopub.Recv(deadline(t))
		if err != nil {
			t.Fatal(err)
		}
		m, err := session.Parse(frames)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, m.Header.MsgType+" "+strings.Trim(string(m.Content), "{}"))
	}
	want := []string{`iopub_welcome "subscription":""`, `status "execution_state":"starting"`,
		`status "execution_state":"busy"`, `status "execution_state":"idle"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Without any subscriber a request is answered all the same.
func TestO4AnswersWithoutSubscriber(t *testing.T) {
	r := listen(t, newEcho())
	info := r.Connection()
	session := wire.NewSession([]byte(info.Key), "alone")
	shell, err := zmtp.Dial(deadline(t), info.Address(info.ShellPort), zmtp.Dealer)
	if err != nil {
		t.Fatal(err)
	}
	defer shell.Close()
	request, err := session.Message(wire.KernelInfoRequest{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := shell.Send(deadline(t), session.Frames(request)); err != nil {
		t.Fatal(err)
	}
	if _, err := shell.Recv(deadline(t)); err != nil {
		t.Fatal(err)
	}
}

// starting comes once, and each new subscriber is welcomed.
func TestI8EachSubscriberIsWelcomed(t *testing.T) {
	r := start(t, newEcho())
	r.request(t, wire.KernelInfoRequest{})
	second := dial(t, r.Kernel)
	if _, err := second.WaitIOPub(deadline(t), "iopub_welcome"); err != nil {
		t.Fatal(err)
	}
	r.request(t, code("echo 1"))
	var starting int
	for _, m := range r.client.Transcript(kerneltest.IOPub) {
		if strings.Contains(string(m.Content), wire.Starting) {
			starting++
		}
	}
	if starting != 1 {
		t.Errorf("%d times starting", starting)
	}
}
