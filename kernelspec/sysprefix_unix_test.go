// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package kernelspec

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// A shell script stands in for Python.
func TestSysPrefix(t *testing.T) {
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	if _, err := SysPrefix(t.Context(), nil); !errors.Is(err, ErrNoPython) {
		t.Errorf("without a python: %v", err)
	}
	for _, c := range []struct{ script, want string }{
		{"echo /opt/conda/envs/x", "/opt/conda/envs/x"},
		{"echo Python 2.7", ""},
		{"exit 3", ""},
	} {
		if err := os.WriteFile(filepath.Join(bin, "python3"), []byte("#!/bin/sh\n"+c.script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		got, err := SysPrefix(t.Context(), nil)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: got %q, %v", c.script, got, err)
		}
	}
}
