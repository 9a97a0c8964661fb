// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The manual has a page for each command that the help lists, with its flags.
func TestManual(t *testing.T) {
	u := newUser(t)
	dir := filepath.Join(t.TempDir(), "man1")
	u.must("man", dir)
	for name, wants := range map[string][]string{
		"livy-kernel.1":          {"livy\\-kernel\\-install\\fR(1)", `\-\-connection\-file`},
		"livy-kernel-install.1":  {`\-\-ca\-file FILE`, `livy\-kernel install ci \-\-endpoint env`},
		"livy-kernel-sessions.1": {".SH STOP", `\-\-orphans`},
		"livy-kernel-explain.1":  {"explain SessionLost"},
	} {
		page, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, want := range wants {
			if !strings.Contains(string(page), want) {
				t.Errorf("%s lacks %s:\n%s", name, want, page)
			}
		}
	}
	pages, err := os.ReadDir(dir)
	if help := u.must(); err != nil || len(pages) != strings.Count(help[strings.Index(help, "Available"):strings.Index(help, "Flags:")], "\n  ") {
		t.Errorf("%v, %v: %s", pages, err, help)
	}
}

// Each shell has a script, and what it asks us while somebody types.
func TestCompletion(t *testing.T) {
	u := newUser(t)
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if script := u.must("completion", shell); !strings.Contains(script, "livy-kernel") || !strings.Contains(script, "__complete") {
			t.Errorf("%s: %.200s", shell, script)
		}
	}
	u.must("install", "sales", "--endpoint", "https://livy.example.com")
	for typed, want := range map[string]string{
		"explain Session": "SessionLost\n", "uninstall ": "sales\n", "doctor s": "sales\n", "login ": "sales\n", "logout ": "sales\n",
		"install ": "sales\n", "install --flow device": "device-code\n", "install --auth ": "entra\n", "install --dialect f": "fabric\n",
		"install --kinds sp": "spark\n", "doctor sales ": ":4\n", // no more, and no files
	} {
		if got := u.must(append([]string{"__complete"}, strings.Split(typed, " ")...)...); !strings.HasPrefix(got, want) && !strings.Contains(got, "\n"+want) {
			t.Errorf("%q: got %s", typed, got)
		}
	}
}
