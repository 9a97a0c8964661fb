// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kerneltest_test

import (
	"context"
	"fmt"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// shout is a backend whose language has one statement.
type shout struct{ kernel.Backend }

func (shout) Info() kernel.Info { return kernel.Info{Implementation: "shout"} }

func (shout) Execute(_ context.Context, cell kernel.Cell, out kernel.Sink) error {
	if cell.Code == "?" {
		return &kernel.CellError{EName: "Unsure", EValue: "what is the question?"}
	}
	out.Stream(wire.Stdout, cell.Code+"!\n")
	out.Result(kernel.PlainText("louder"), nil)
	return nil
}

func (shout) Close(context.Context, bool) error { return nil }

// A test of a kernel: all that came in answer to each request, channel by
// channel and in order. A kernel in a process of its own is dialled by what
// kernel.ReadConnectionFile makes of its connection file.
func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	k, err := kernel.Listen(ctx, kernel.ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", Key: "secret", SignatureScheme: wire.SignatureScheme})
	if err != nil {
		panic(err)
	}
	ended := make(chan error)
	go func() { ended <- k.Serve(ctx, shout{}) }()

	client, err := kerneltest.Dial(ctx, k.Connection())
	if err != nil {
		panic(err)
	}
	defer client.Close()
	if _, err := client.WaitIOPub(ctx, "iopub_welcome"); err != nil { // from now on nothing is missed
		panic(err)
	}
	for _, code := range []string{"hello", "?"} {
		x, err := client.Request(ctx, kerneltest.Shell, wire.ExecuteRequest{Code: code, StoreHistory: true})
		if err != nil {
			panic(err)
		}
		fmt.Println(x.Types(), x.Replies, "reply on", x.Channel)
		fmt.Print(x.Text(wire.Stdout))
	}
	if _, err := client.Request(ctx, kerneltest.Control, wire.ShutdownRequest{}); err != nil {
		panic(err)
	}
	fmt.Println("ended:", <-ended)
	// Output:
	// [busy execute_input stream execute_result idle] 1 reply on shell
	// hello!
	// [busy execute_input error idle] 1 reply on shell
	// ended: <nil>
}
