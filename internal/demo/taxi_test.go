// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy/localspark/pyenv"
)

func TestWithTaxi(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	if err := os.WriteFile("green.parquet", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	absolute := filepath.Join(dir, "green.parquet")
	for file, want := range map[string]string{
		"": "", "green.parquet": absolute, absolute: absolute, "s3a://bucket/green.parquet": "s3a://bucket/green.parquet",
	} {
		env, err := withTaxi([]string{"HOME=/", "GREEN_TAXI=" + file})
		if got := pyenv.Lookup(env, "GREEN_TAXI"); err != nil || got != want || pyenv.Lookup(env, "HOME") != "/" {
			t.Errorf("%q becomes %q, %v; want %q", file, got, err, want)
		}
	}
	_, err = withTaxi([]string{"GREEN_TAXI=gone.parquet"})
	if !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), "GREEN_TAXI names gone.parquet, which cannot be read (") {
		t.Errorf("error is %v", err)
	}
}
