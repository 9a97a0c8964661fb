// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package kernel_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel"
)

// roleVariable makes the test binary play a part in TestC7ParentDies.
const roleVariable = "KERNEL_TEST_ROLE"

// A process starts a kernel and is killed. The kernel holds the test's pipe
// open until it ends, too.
func TestC7ParentDies(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), roleVariable+"=parent")
	parent.Stdout, parent.Stderr = writer, os.Stderr
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	writer.Close()
	serving := make([]byte, len("serving\n"))
	if _, err := io.ReadFull(reader, serving); err != nil {
		t.Fatal(err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait() // killed
	rest, err := io.ReadAll(reader)
	if err != nil || string(rest) != "ended\n" {
		t.Errorf("the kernel said %q, %v", rest, err)
	}
}

// playRole runs a part of TestC7ParentDies and reports whether there was one.
func playRole() (bool, error) {
	switch os.Getenv(roleVariable) {
	case "parent":
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), roleVariable+"=kernel")
		child.Stdout, child.Stderr = os.Stdout, os.Stderr
		return true, child.Run()
	case "kernel":
		k, err := kernel.Listen(context.Background(), anyPorts, kernel.WithParentPID(os.Getppid()))
		if err != nil {
			return true, err
		}
		fmt.Println("serving")
		if err := k.Serve(context.Background(), newEcho()); err != nil {
			return true, err
		}
		fmt.Println("ended")
		return true, nil
	}
	return false, nil
}
