// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kerneltest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A client that waits for what never comes is told why.
func TestWaitEnds(t *testing.T) {
	k, err := kernel.Listen(t.Context(), kernel.ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", Key: "k", SignatureScheme: wire.SignatureScheme})
	if err != nil {
		t.Fatal(err)
	}
	info := k.Connection()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- k.Serve(ctx, shout{}) }()
	client, err := kerneltest.Dial(t.Context(), info)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	m, err := client.Send(t.Context(), kerneltest.Shell, wire.CommMsg{CommID: "c"})
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := client.Wait(short, m, kerneltest.Exchange.Served); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the context's end: %v", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := client.Wait(t.Context(), m, kerneltest.Exchange.Served); err == nil {
		t.Error("the kernel's end: no error")
	}
	if _, err := kerneltest.Dial(t.Context(), info); err == nil {
		t.Error("no error where no kernel is")
	}
}

// A kernel that signs with another key is found out.
func TestWrongKey(t *testing.T) {
	info := kernel.ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", Key: "k", SignatureScheme: wire.SignatureScheme}
	k, err := kernel.Listen(t.Context(), info)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- k.Serve(ctx, shout{}) }()
	wrong := k.Connection()
	wrong.Key = "another"
	client, err := kerneltest.Dial(t.Context(), wrong)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.WaitIOPub(t.Context(), "status"); !errors.Is(err, wire.ErrSignature) {
		t.Errorf("got %v", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
