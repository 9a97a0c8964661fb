// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package localspark

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestJavaMajor(t *testing.T) {
	for said, want := range map[string]string{
		"openjdk version \"17.0.15\" 2025-04-15\nOpenJDK Runtime Environment":    "17",
		"java version \"1.8.0_392\"\nJava(TM) SE Runtime Environment":            "8",
		"openjdk version \"11.0.21\" 2023-10-17":                                 "11",
		"openjdk version \"21-ea\" 2023-09-19":                                   "21",
		"Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version \"17\" 2021-09-14": "17",
		"Error: could not find libjava.so":                                       "",
	} {
		if got := javaMajor(said); got != want {
			t.Errorf("%q is %q, want %q", said, got, want)
		}
	}
}

func TestFindJava(t *testing.T) {
	home := func(script string) string {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "bin", "java"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	broken := home("echo 'libjvm.so: cannot open shared object file' >&2; exit 127\n")
	good := home(java17)
	var log bytes.Buffer
	found, err := findJava(t.Context(), []string{"JAVA_HOME=" + broken, "PATH=" + filepath.Join(good, "bin")}, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil || found.home != good || found.version != "17" {
		t.Errorf("found %+v, %v", found, err)
	}
	if !strings.Contains(log.String(), broken) {
		t.Errorf("the broken Java is passed over in silence: %s", log.String())
	}
}
