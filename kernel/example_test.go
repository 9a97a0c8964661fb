// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// upper is the backend of a language that has one word: each cell is shown in
// capitals.
type upper struct{}

func (upper) Info() kernel.Info {
	return kernel.Info{Implementation: "upper", Language: wire.LanguageInfo{Name: "upper", Version: "1"}}
}

func (upper) Execute(_ context.Context, cell kernel.Cell, out kernel.Sink) error {
	out.Stream(wire.Stdout, strings.ToUpper(cell.Code)+"\n")
	out.Result(kernel.PlainText(fmt.Sprint(len(cell.Code))), nil)
	return nil
}

func (upper) IsComplete(string) kernel.Completeness {
	return kernel.Completeness{Status: wire.Complete}
}

func (upper) Complete(_ context.Context, _ string, cursor int) (kernel.Completion, error) {
	return kernel.Completion{Start: cursor, End: cursor}, nil
}

func (upper) Inspect(context.Context, string, int, int) (kernel.MIMEBundle, error) { return nil, nil }

func (upper) Close(context.Context, bool) error { return nil }

// A kernel in its own process reads the ConnectionInfo from the file that
// Jupyter names, by ReadConnectionFile. Here it is made up, with ports that the
// system chooses, and a test's client takes the place of Jupyter.
func Example() {
	ctx := context.Background()
	k, err := kernel.Listen(ctx, kernel.ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", Key: "secret", SignatureScheme: wire.SignatureScheme})
	if err != nil {
		panic(err)
	}
	ended := make(chan error)
	go func() { ended <- k.Serve(ctx, upper{}) }()

	client, err := kerneltest.Dial(ctx, k.Connection())
	if err != nil {
		panic(err)
	}
	defer client.Close()
	if _, err := client.WaitIOPub(ctx, "iopub_welcome"); err != nil {
		panic(err)
	}
	x, err := client.Request(ctx, kerneltest.Shell, wire.ExecuteRequest{Code: "spark", StoreHistory: true})
	if err != nil {
		panic(err)
	}
	fmt.Print(x.Text(wire.Stdout))
	if _, err := client.Request(ctx, kerneltest.Control, wire.ShutdownRequest{}); err != nil {
		panic(err)
	}
	fmt.Println("ended:", <-ended)
	// Output:
	// SPARK
	// ended: <nil>
}
