// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/kernel/zmtp"
)

// iopub can be read without the key. What a stranger hears there and sends back
// has good signatures, and still no effect.
func TestW2Row04ReflectedMessages(t *testing.T) {
	r := start(t, newEcho())
	if _, err := r.client.WaitIOPub(deadline(t), "status"); err != nil { // starting
		t.Fatal(err)
	}
	stranger, err := zmtp.Dial(deadline(t), r.Connection().Address(r.Connection().IOPubPort), zmtp.Sub)
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()
	if err := stranger.Subscribe(nil); err != nil {
		t.Fatal(err)
	}
	heard := [][][]byte{}
	next := func() string {
		frames, err := stranger.Recv(deadline(t))
		if err != nil {
			t.Fatal(err)
		}
		heard = append(heard, frames)
		return string(frames[len(frames)-1])
	}
	next() // the welcome: from here on nothing is missed
	r.request(t, code("all"))
	for !strings.Contains(next(), wire.Idle) {
		continue
	}
	for _, frames := range heard {
		r.sendFrames(t, frames)
	}
	if _, err := r.client.Request(deadline(t), kerneltest.Control, wire.KernelInfoRequest{}); err != nil {
		t.Fatal(err)
	}
	r.request(t, code("echo good")) // by shell, after them
	// welcome, starting, what the stranger heard of the first cell, then busy
	// and idle of the one, and busy, input, result and idle of the other.
	if n, want := len(r.client.Transcript(kerneltest.IOPub)), 2+len(heard)-1+2+4; n != want {
		t.Errorf("%d messages on iopub, want %d", n, want)
	}
	if n := strings.Count(r.log.String(), "message dropped"); n != 2*len(heard) {
		t.Errorf("%d lines in the log of %d messages:\n%s", n, 2*len(heard), r.log)
	}
}
