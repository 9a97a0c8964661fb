// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Command askkernel is a Jupyter kernel that asks its user: the code of a cell is
// the question, the answer is the result. With it the stdin channel is tried
// under real clients, since code on Livy has no input.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "askkernel:", err)
		os.Exit(1) //nolint:forbidigo // This is main.
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return errors.New("the one argument is a connection file")
	}
	info, err := kernel.ReadConnectionFile(args[0])
	if err != nil {
		return err
	}
	k, err := kernel.Listen(ctx, info)
	if err != nil {
		return err
	}
	return k.Serve(ctx, asker{})
}

// asker is a backend without completion and inspection.
type asker struct{ kernel.Backend }

func (asker) Info() kernel.Info {
	return kernel.Info{
		Implementation: "askkernel", ImplementationVersion: "1",
		Language: wire.LanguageInfo{Name: "ask", Version: "1", MIMEType: "text/plain", FileExtension: ".txt"},
	}
}

func (asker) IsComplete(string) kernel.Completeness {
	return kernel.Completeness{Status: wire.Complete}
}

func (asker) Execute(ctx context.Context, cell kernel.Cell, sink kernel.Sink) error {
	answer, err := sink.Input(ctx, cell.Code, false)
	if err != nil {
		return err
	}
	quoted, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("encode the answer: %w", err)
	}
	sink.Result(kernel.MIMEBundle{"text/plain": quoted}, nil)
	return nil
}

func (asker) Close(context.Context, bool) error { return nil }
