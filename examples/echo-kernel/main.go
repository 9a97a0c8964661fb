// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Command echo-kernel is a whole Jupyter kernel for a small language: a cell is
// shown as it stands, and `fail WHY` is an error. It shows what package kernel
// asks of a language, and that it serves others than Spark's.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

type echo struct{}

func (echo) Info() kernel.Info {
	language := wire.LanguageInfo{Name: "echo", Version: "1", MIMEType: "text/plain", FileExtension: ".echo"}
	return kernel.Info{Implementation: "echo-kernel", ImplementationVersion: "1", Banner: "It says what you say.", Language: language}
}

func (echo) Execute(_ context.Context, cell kernel.Cell, out kernel.Sink) error {
	if why, ok := strings.CutPrefix(cell.Code, "fail "); ok {
		return &kernel.CellError{EName: "Failure", EValue: why}
	}
	out.Result(kernel.PlainText(cell.Code), nil)
	return nil
}

func (echo) IsComplete(string) kernel.Completeness { return kernel.Completeness{Status: wire.Complete} }

func (echo) Complete(_ context.Context, code string, cursor int) (kernel.Completion, error) {
	if typed := string([]rune(code)[:cursor]); strings.HasPrefix("fail ", typed) {
		return kernel.Completion{Matches: []string{"fail "}, End: cursor}, nil
	}
	return kernel.Completion{Start: cursor, End: cursor}, nil
}

func (echo) Inspect(context.Context, string, int, int) (kernel.MIMEBundle, error) { return nil, nil }

func (echo) Close(context.Context, bool) error { return nil }

// The argv of its kernelspec is ["echo-kernel", "-f", "{connection_file}"].
func run(ctx context.Context, args []string) error {
	if len(args) != 2 || args[0] != "-f" {
		return fmt.Errorf("usage: echo-kernel -f CONNECTION_FILE")
	}
	info, err := kernel.ReadConnectionFile(args[1])
	if err != nil {
		return err
	}
	k, err := kernel.Listen(ctx, info)
	if err != nil {
		return err
	}
	return k.Serve(ctx, echo{})
}

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "echo-kernel:", err)
		os.Exit(1) //nolint:forbidigo // this is main
	}
}
