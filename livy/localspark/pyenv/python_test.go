// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package pyenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var spark = Range{Oldest: Version{3, 9}, Newest: Version{3, 12}}

// path makes a PATH whose folder holds stand-ins: programs by their name, each
// a shell script. It returns an environment with that PATH.
func path(t *testing.T, programs map[string]string) []string {
	t.Helper()
	dir := t.TempDir()
	for name, script := range programs {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return []string{"PATH=" + dir}
}

// python is a stand-in that tells a version.
func python(version string, venv bool) string {
	return fmt.Sprintf("echo '{\"path\": \"/opt/python%s\", \"version\": [%s], \"venv\": %t}'\n", version, strings.Replace(version, ".", ", ", 1), venv)
}

const shim = "echo 'version manager: python not found' >&2; exit 127\n"

func TestFind(t *testing.T) {
	for _, c := range []struct {
		name     string
		programs map[string]string
		want     string // version, or else
		sentence string
	}{
		{"the newest", map[string]string{"python3.12": python("3.12", true), "python3.11": python("3.11", true), "python3": python("3.13", true)}, "3.12", ""},
		{"a shim is passed over", map[string]string{"python3.12": shim, "python3.11": python("3.11", true)}, "3.11", ""},
		{"noise is passed over", map[string]string{"python3.12": "echo hello\n", "python3": python("3.10", true)}, "3.10", ""},
		{"only under a plain name", map[string]string{"python": python("3.9", true)}, "3.9", ""},
		{"none", nil, "", "no Python is on PATH, and Spark 3.5.7 needs one from 3.9 to 3.12: install Python 3.12 with venv (for example with: uv python install 3.12)"},
		{"too new", map[string]string{"python3": python("3.13", true), "python": python("3.13", true)}, "", "there is only Python 3.13, and Spark 3.5.7 needs one from 3.9 to 3.12: install Python 3.12 with venv (for example with: uv python install 3.12)"},
		{"too old and too new", map[string]string{"python3": python("3.14", true), "python": python("3.6", true)}, "", "there is only Python 3.14 and 3.6, and Spark 3.5.7 needs one from 3.9 to 3.12: install Python 3.12 with venv (for example with: uv python install 3.12)"},
		{"without venv", map[string]string{"python3": python("3.11", false)}, "", "Python 3.11 at /opt/python3.11 cannot make environments; install its venv package (Debian and Ubuntu: apt install python3.11-venv)"},
		{"without venv, an older with", map[string]string{"python3.12": python("3.12", false), "python3.9": python("3.9", true)}, "3.9", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Find(t.Context(), path(t, c.programs), spark, "Spark 3.5.7")
			if c.sentence == "" {
				if err != nil || got.Version.String() != c.want || got.Path != "/opt/python"+c.want {
					t.Errorf("found %+v, %v", got, err)
				}
				return
			}
			if said := new(Error); !errors.As(err, &said) || said.Sentence != c.sentence {
				t.Errorf("error is %q,\nwant %q", err, c.sentence)
			}
		})
	}
}

func TestFindStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Find(ctx, path(t, map[string]string{"python3": python("3.11", true)}), spark, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestRelativeFoldersAreNotSearched(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("python3", []byte("#!/bin/sh\n"+python("3.11", true)), 0o755); err != nil {
		t.Fatal(err)
	}
	if found, err := LookPath("python3", []string{"PATH=.:"}); err == nil {
		t.Errorf("found %s", found)
	}
}

func TestCandidatesOnWindows(t *testing.T) {
	want := [][]string{{"py", "-3.12"}, {"python3.12"}, {"py", "-3.11"}, {"python3.11"}, {"python3"}, {"python"}}
	if diff := cmp.Diff(want, candidates("windows", Range{Version{3, 11}, Version{3, 12}})); diff != "" {
		t.Error(diff)
	}
}
