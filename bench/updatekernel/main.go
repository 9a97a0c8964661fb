// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Command updatekernel is a Jupyter kernel whose cells are a number: that many
// times a display is updated. With it the output of package kernel is measured
// without a server behind it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "updatekernel:", err)
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
	return k.Serve(ctx, updater{})
}

// updater is a backend without completion and inspection.
type updater struct{ kernel.Backend }

func (updater) Info() kernel.Info {
	return kernel.Info{
		Implementation: "updatekernel", ImplementationVersion: "1",
		Language: wire.LanguageInfo{Name: "number", Version: "1", MIMEType: "text/plain", FileExtension: ".txt"},
	}
}

func (updater) IsComplete(string) kernel.Completeness {
	return kernel.Completeness{Status: wire.Complete}
}

func (updater) Execute(_ context.Context, cell kernel.Cell, sink kernel.Sink) error {
	n, err := strconv.Atoi(cell.Code)
	if err != nil {
		return fmt.Errorf("the cell is no number: %w", err)
	}
	for i := range n {
		sink.UpdateDisplay(kernel.Display{ID: "d", Data: kernel.MIMEBundle{"text/plain": strconv.AppendQuote(nil, strconv.Itoa(i))}})
	}
	return nil
}

func (updater) Close(context.Context, bool) error { return nil }
