// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// Two builds, of two copies of the source in two folders, have the same bytes:
// whoever builds a release can compare.
func TestTwoBuildsAreTheSame(t *testing.T) {
	one, another := filepath.Join(t.TempDir(), "one"), filepath.Join(t.TempDir(), "another", "folder")
	copySource(t, one, "../..")
	copySource(t, another, one)
	first, second := buildIn(t, one), buildIn(t, another)
	if !bytes.Equal(first, second) {
		t.Errorf("%d bytes and %d bytes differ", len(first), len(second))
	}
	if bytes.Contains(first, []byte(one)) {
		t.Error("the program names the folder that it was built in")
	}
	if runtime.GOOS == "linux" {
		needsNothing(t, first)
	}
}

// needsNothing fails for a program that is not static: one that asks for a
// loader and libraries would not run on every Linux, nor in an empty image.
func needsNothing(t *testing.T, program []byte) {
	t.Helper()
	file, err := elf.NewFile(bytes.NewReader(program))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range file.Progs {
		if part.Type == elf.PT_INTERP || part.Type == elf.PT_DYNAMIC {
			t.Errorf("the program has a %v", part.Type)
		}
	}
}

// copySource copies what the program is built from.
func copySource(t *testing.T, to, from string) {
	t.Helper()
	for _, folder := range []string{"cmd", "docs", "examples", "internal", "kernel", "kernelspec", "livy"} {
		if err := os.CopyFS(filepath.Join(to, folder), os.DirFS(filepath.Join(from, folder))); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join(from, file))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, file), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// buildIn builds the program as a release is built, but for the version, which
// comes from a repository.
func buildIn(t *testing.T, source string) []byte {
	t.Helper()
	program := filepath.Join(t.TempDir(), "livy-kernel")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", program, "./cmd/livy-kernel")
	cmd.Dir = source
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	content, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
