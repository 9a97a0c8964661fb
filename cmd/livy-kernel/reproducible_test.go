// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Two builds, of two copies of the source in two folders, have the same bytes:
// whoever builds a release can compare.
func TestTwoBuildsAreTheSame(t *testing.T) {
	source, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	build := func(source string) []byte {
		program := filepath.Join(t.TempDir(), "livy-kernel")
		cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-o", program, "./cmd/livy-kernel")
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
	elsewhere := filepath.Join(t.TempDir(), "another", "folder")
	for _, part := range []string{"cmd", "docs", "examples", "internal", "kernel", "kernelspec", "livy", "go.mod", "go.sum"} {
		to := filepath.Join(elsewhere, part)
		if info, err := os.Stat(filepath.Join(source, part)); err != nil {
			t.Fatal(err)
		} else if info.IsDir() {
			err = os.CopyFS(to, os.DirFS(filepath.Join(source, part)))
			if err != nil {
				t.Fatal(err)
			}
			continue
		}
		content, err := os.ReadFile(filepath.Join(source, part))
		if err == nil {
			err = os.WriteFile(to, content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	here, there := build(source), build(elsewhere)
	if !bytes.Equal(here, there) {
		t.Errorf("%d bytes and %d bytes differ", len(here), len(there))
	}
	if bytes.Contains(here, []byte(source)) {
		t.Error("the program names the folder that it was built in")
	}
}
