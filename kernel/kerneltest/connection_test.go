// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kerneltest_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
)

// What is written is what a kernel reads, which refuses two equal ports.
func TestWriteConnectionFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "connection.json")
	for range 50 {
		written, err := kerneltest.WriteConnectionFile(file)
		if err != nil {
			t.Fatal(err)
		}
		read, err := kernel.ReadConnectionFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if read != written {
			t.Errorf("read  %+v\nwrote %+v", read, written)
		}
	}
	if _, err := kerneltest.WriteConnectionFile(filepath.Join(file, "none")); err == nil {
		t.Error("a file below a file was written")
	}
}

func TestDialStartingEndsWithItsContext(t *testing.T) {
	info, err := kerneltest.WriteConnectionFile(filepath.Join(t.TempDir(), "connection.json"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := kerneltest.DialStarting(ctx, info); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
