// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// The program, built and started as Jupyter starts it.
func TestEchoKernel(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	folder := t.TempDir()
	program, file := filepath.Join(folder, "echo-kernel.exe"), filepath.Join(folder, "connection.json")
	if said, err := exec.CommandContext(ctx, "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, said)
	}
	info, err := kerneltest.WriteConnectionFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	process := exec.CommandContext(ctx, program, "-f", file)
	process.Stderr = &stderr
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	client, err := kerneltest.DialStarting(ctx, info)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.WaitIOPub(ctx, "iopub_welcome"); err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string][]string{
		"hello":    {"busy", "execute_input", "execute_result", "idle"},
		"fail now": {"busy", "execute_input", "error", "idle"},
	} {
		x, err := client.Request(ctx, kerneltest.Shell, wire.ExecuteRequest{Code: code, StoreHistory: true})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(x.Types(), want) {
			t.Errorf("%s: got %v, want %v", code, x.Types(), want)
		}
		if m := x.Find("execute_result"); m != nil && !bytes.Contains(m.Content, []byte(`"text/plain":"hello"`)) {
			t.Errorf("got %s", m.Content)
		}
	}
	x, err := client.Request(ctx, kerneltest.Shell, wire.CompleteRequest{Code: "fa", CursorPos: 2})
	if err != nil || !bytes.Contains(x.Reply.Content, []byte(`"matches":["fail "]`)) {
		t.Errorf("complete: %v, %s", err, x.Reply.Content)
	}
	if _, err := client.Request(ctx, kerneltest.Control, wire.ShutdownRequest{}); err != nil {
		t.Fatal(err)
	}
	if err := process.Wait(); err != nil || stderr.Len() > 0 {
		t.Errorf("it ended with %v: %s", err, stderr.String())
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"-f"}, {"-f", filepath.Join(t.TempDir(), "none.json")}} {
		if err := run(t.Context(), args); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
}
