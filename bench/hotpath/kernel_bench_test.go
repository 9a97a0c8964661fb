// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package hotpath

import (
	"context"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// printer is a backend whose cells print a line.
type printer struct{ kernel.Backend }

func (printer) Info() kernel.Info { return kernel.Info{Implementation: "printer"} }

func (printer) Execute(_ context.Context, _ kernel.Cell, sink kernel.Sink) error {
	sink.Stream(wire.Stdout, "a line of output\n")
	return nil
}

func (printer) Close(context.Context, bool) error { return nil }

// kernelCell runs a cell through the sockets of a kernel: a request, and five
// messages in answer. What the client allocates counts too.
func kernelCell(tb testing.TB) func() {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	k, err := kernel.Listen(ctx, kernel.ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", Key: "the key", SignatureScheme: wire.SignatureScheme})
	if err != nil {
		tb.Fatal(err)
	}
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error)
	go func() { ended <- k.Serve(serving, printer{}) }()
	client, err := kerneltest.Dial(ctx, k.Connection())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		client.Close()
		stop()
		if err := <-ended; err != nil {
			tb.Error(err)
		}
		cancel()
	})
	if _, err := client.WaitIOPub(ctx, "iopub_welcome"); err != nil {
		tb.Fatal(err)
	}
	return func() {
		if _, err := client.Request(ctx, kerneltest.Shell, wire.ExecuteRequest{Code: "x", StoreHistory: true}); err != nil {
			tb.Fatal(err)
		}
	}
}

func BenchmarkKernelCell(b *testing.B) {
	run := kernelCell(b)
	b.ReportAllocs()
	for b.Loop() {
		run()
	}
}
