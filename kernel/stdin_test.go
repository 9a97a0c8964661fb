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

// asking is an execute_request of a client that takes questions.
func asking(s string) wire.ExecuteRequest {
	return wire.ExecuteRequest{Code: s, StoreHistory: true, AllowStdin: true}
}

func asked(x kerneltest.Exchange) bool { return len(x.Stdin) > 0 }

// result is the text of the execute_result.
func result(t *testing.T, x kerneltest.Exchange) string {
	t.Helper()
	return strings.Trim(string(decoded[wire.ExecuteResult](t, x.Find("execute_result")).Data["text/plain"]), `"`)
}

// The question goes to the client that sent the cell, by its identity, although
// another one is there; answers of that one count for nothing.
func TestW6R8InputGoesToTheClientThatAsked(t *testing.T) {
	r := start(t, newEcho())
	other := dial(t, r.Kernel)
	for _, kind := range []string{"ask", "password"} {
		cell := r.send(t, kerneltest.Shell, asking(kind+" Your name?"))
		x := r.wait(t, cell, asked)
		question := x.Stdin[0]
		want := wire.InputRequest{Prompt: "Your name?", Password: kind == "password"}
		if got := decoded[wire.InputRequest](t, question); got != want {
			t.Errorf("%s: %+v", kind, got)
		}
		if string(question.ParentHeader) != string(cell.RawHeader) {
			t.Errorf("the parent of the question: %s", question.ParentHeader)
		}
		if err := other.Answer(deadline(t), question, "mallory"); err != nil {
			t.Fatal(err)
		}
		// By stdin after it, so that it has been read.
		stranger := *question
		stranger.RawHeader = []byte(`{"msg_id":"another question"}`)
		if err := r.client.Answer(deadline(t), &stranger, "late"); err != nil {
			t.Fatal(err)
		}
		if err := r.client.Answer(deadline(t), question, "ann"); err != nil {
			t.Fatal(err)
		}
		x = r.wait(t, cell, kerneltest.Exchange.Served)
		checkBalanced(t, x)
		if got := result(t, x); got != "ann" {
			t.Errorf("%s: the answer is %q", kind, got)
		}
	}
	if n := len(other.Transcript(kerneltest.Stdin)); n != 0 {
		t.Errorf("the other client was asked %d times", n)
	}
}

// jupyter_client names no parent in its input_reply.
func TestR8InputReplyWithoutParent(t *testing.T) {
	r := start(t, newEcho())
	cell := r.send(t, kerneltest.Shell, asking("ask ?"))
	r.wait(t, cell, asked)
	r.send(t, kerneltest.Stdin, unknown{}) // means nothing
	r.send(t, kerneltest.Stdin, wire.InputReply{Value: "€"})
	if got := result(t, r.wait(t, cell, kerneltest.Exchange.Served)); got != "€" {
		t.Errorf("the answer is %q", got)
	}
	// Answers that nobody waits for are not kept for the next question.
	r.send(t, kerneltest.Stdin, wire.InputReply{Value: "stale"})
	r.logs(t, "nobody waits for", 2)
	cell = r.send(t, kerneltest.Shell, asking("ask ?"))
	r.wait(t, cell, asked)
	r.send(t, kerneltest.Stdin, wire.InputReply{Value: ""})
	if got := result(t, r.wait(t, cell, kerneltest.Exchange.Served)); got != "" {
		t.Errorf("the answer is %q", got)
	}
}

func TestX8InputIsRefused(t *testing.T) {
	t.Run("not allowed", func(t *testing.T) {
		r := start(t, newEcho())
		x := r.request(t, code("ask Your name?"))
		checkBalanced(t, x)
		e := decoded[wire.ErrorContent](t, x.Find("error"))
		if e.EName != "StdinNotImplementedError" || !strings.Contains(e.EValue, "allow_stdin is false") || len(x.Stdin) != 0 {
			t.Errorf("%+v; asked %d times", e, len(x.Stdin))
		}
	})
	t.Run("not connected", func(t *testing.T) {
		r := start(t, newEcho())
		info := r.Connection()
		shell, err := zmtp.Dial(deadline(t), info.Address(info.ShellPort), zmtp.Dealer) // no identity, no stdin
		if err != nil {
			t.Fatal(err)
		}
		defer shell.Close()
		session := wire.NewSession([]byte(info.Key), "alone")
		m, err := session.Message(asking("ask ?"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := shell.Send(deadline(t), session.Frames(m)); err != nil {
			t.Fatal(err)
		}
		x, err := r.client.Wait(deadline(t), m, kerneltest.Exchange.Idle)
		if err != nil {
			t.Fatal(err)
		}
		if e := decoded[wire.ErrorContent](t, x.Find("error")); !strings.Contains(e.EValue, "no connection to stdin") {
			t.Errorf("%+v", e)
		}
	})
	t.Run("gone", func(t *testing.T) {
		r := start(t, newEcho())
		asker := dial(t, r.Kernel)
		m, err := asker.Send(deadline(t), kerneltest.Shell, asking("ask ?"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := asker.Wait(deadline(t), m, asked); err != nil {
			t.Fatal(err)
		}
		asker.Close()
		x, err := r.client.Wait(deadline(t), m, kerneltest.Exchange.Idle)
		if err != nil {
			t.Fatal(err)
		}
		if e := decoded[wire.ErrorContent](t, x.Find("error")); !strings.Contains(e.EValue, "the front-end has gone") {
			t.Errorf("%+v", e)
		}
	})
}

// A cell that waits for an answer can be interrupted, and does not hold up the
// kernel's end.
func TestC2InterruptWhileAsking(t *testing.T) {
	r := start(t, newEcho())
	cell := r.send(t, kerneltest.Shell, asking("ask ?"))
	r.wait(t, cell, asked)
	if _, err := r.client.Request(deadline(t), kerneltest.Control, wire.InterruptRequest{}); err != nil {
		t.Fatal(err)
	}
	x := r.wait(t, cell, kerneltest.Exchange.Served)
	checkBalanced(t, x)
	if e := decoded[wire.ErrorContent](t, x.Find("error")); e.EName != "KeyboardInterrupt" {
		t.Errorf("%+v", e)
	}
	cell = r.send(t, kerneltest.Shell, asking("ask ?"))
	r.wait(t, cell, asked)
	if _, err := r.client.Request(deadline(t), kerneltest.Control, wire.ShutdownRequest{}); err != nil {
		t.Fatal(err)
	}
	if e := decoded[wire.ErrorContent](t, r.wait(t, cell, kerneltest.Exchange.Served).Find("error")); e.EValue != "the kernel is shutting down" {
		t.Errorf("%+v", e)
	}
	if err := <-r.served; err != nil {
		t.Error(err)
	}
}

// What is unsigned, or seen before, answers no question.
func TestW2InputReplyMustBeSigned(t *testing.T) {
	r := start(t, newEcho())
	first := r.send(t, kerneltest.Shell, asking("ask ?"))
	r.wait(t, first, asked)
	reply := r.send(t, kerneltest.Stdin, wire.InputReply{Value: "mine"})
	r.wait(t, first, kerneltest.Exchange.Served)
	second := r.send(t, kerneltest.Shell, asking("ask ?"))
	r.wait(t, second, asked)
	stranger := wire.NewSession([]byte("another key"), "stranger")
	forged, err := stranger.Message(wire.InputReply{Value: "forged"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, frames := range [][][]byte{stranger.Frames(forged), r.client.Session().Frames(reply), {[]byte("x")}} {
		if err := r.client.SendFrames(deadline(t), kerneltest.Stdin, frames); err != nil {
			t.Fatal(err)
		}
	}
	r.send(t, kerneltest.Stdin, wire.InputReply{Value: "good"})
	if diff := cmp.Diff("good", result(t, r.wait(t, second, kerneltest.Exchange.Served))); diff != "" {
		t.Error(diff)
	}
}
