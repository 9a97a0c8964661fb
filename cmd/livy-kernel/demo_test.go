// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/config"
)

// The demo has kernels and a profile of its own; the user's stay as they are.
func TestDemoKernels(t *testing.T) {
	u := newUser(t)
	a := newApp(config.FromEnviron(u.environ), nil, nil, nil)
	a.executable = func() (string, error) { return filepath.Join(u.home, "bin", "livy-kernel"), nil }
	data := filepath.Join(u.home, "cache", "kernels")
	for range 2 { // a second demo finds those of the first
		if err := a.installDemoKernels(t.Context(), data, filepath.Join(u.home, "cache", "spark")); err != nil {
			t.Fatal(err)
		}
	}
	spec := u.read("cache/kernels/kernels/livy-local-pyspark/kernel.json")
	if !strings.Contains(spec, `"LIVY_KERNEL_CONFIG": "$HOME/cache/kernels/config.toml"`) {
		t.Error(spec)
	}
	c, err := config.Load(filepath.Join(data, "config.toml"))
	if err != nil || c.Profiles[localName].Spark.Dir != filepath.Join(u.home, "cache", "spark") {
		t.Errorf("profile %v, %v", c.Profiles[localName], err)
	}
	for _, file := range []string{".config", ".local"} {
		if _, err := os.Stat(filepath.Join(u.home, file)); err == nil {
			t.Errorf("%s was written", file)
		}
	}
}

// What the demo says at its end is complete: it leads to the program that ran
// and to the Spark that is there.
func TestDemoInstallCommand(t *testing.T) {
	u := newUser(t)
	for _, c := range []struct{ path, dir, want string }{
		{"", "/cache/spark", filepath.Join(u.home, "bin", "livy-kernel") + " install"},
		{"", "/my clone/spark", filepath.Join(u.home, "bin", "livy-kernel") + " install --spark-dir '/my clone/spark'"},
		{filepath.Join(u.home, "bin"), "/clone/spark", "livy-kernel install --spark-dir /clone/spark"},
	} {
		a := newApp(config.FromEnviron(append(u.environ, "PATH="+c.path)), nil, nil, nil)
		a.executable = func() (string, error) { return filepath.Join(u.home, "bin", "livy-kernel"), nil }
		if got, err := a.installCommand(c.dir, "/cache/spark"); err != nil || got != c.want {
			t.Errorf("PATH %q, %s: %q, %v; want %q", c.path, c.dir, got, err, c.want)
		}
	}
}
