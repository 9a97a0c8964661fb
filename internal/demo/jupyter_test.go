// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package demo

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pythonOf makes an environment whose only Python is a stand-in of a version:
// it makes an environment of itself and "installs" by the shell code pip. What
// it is asked for stands in the file log.
func pythonOf(t *testing.T, version, pip string) (env []string, log string) {
	t.Helper()
	dir := t.TempDir()
	log = filepath.Join(dir, "log")
	python := filepath.Join(dir, "python3")
	script := `#!/bin/sh
echo "$@" >> ` + log + `
case "$*" in
*importlib.util\ as\ u*) echo '{"path": "` + python + `", "version": [` + strings.Replace(version, ".", ", ", 1) + `], "venv": true}' ;;
"-m venv "*) /bin/mkdir -p "$3/bin" && /bin/cp ` + python + ` "$3/bin/python" ;;
"-m pip install"*) ` + pip + ` ;;
esac
`
	if err := os.WriteFile(python, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return []string{"PATH=" + dir}, log
}

func TestSetUpJupyter(t *testing.T) {
	for version, nbconvert := range map[string]string{"3.9": "nbconvert==7.16.6", "3.10": "nbconvert==7.17.2", "3.14": "nbconvert==7.17.2"} {
		t.Run(version, func(t *testing.T) {
			env, log := pythonOf(t, version, "true")
			dir := filepath.Join(t.TempDir(), "jupyter")
			installs := func() int {
				t.Helper()
				python, err := setUpJupyter(t.Context(), dir, env, &terminal{out: &bytes.Buffer{}})
				if err != nil || python != filepath.Join(dir, "bin", "python") {
					t.Errorf("%s, %v", python, err)
				}
				said, err := os.ReadFile(log)
				if err != nil {
					t.Fatal(err)
				}
				return strings.Count(string(said), nbconvert)
			}
			if n := installs(); n != 1 {
				t.Errorf("%s was installed %d times", nbconvert, n)
			}
			if n := installs(); n != 1 {
				t.Errorf("the second time it was installed %d times", n)
			}
			if err := os.Remove(filepath.Join(dir, "bin", "python")); err != nil {
				t.Fatal(err)
			}
			if n := installs(); n != 2 {
				t.Errorf("without its Python it was installed %d times", n)
			}
		})
	}
}

func TestSetUpJupyterFails(t *testing.T) {
	for version, want := range map[string]string{
		"3.10": "the Python package index cannot be reached; nbconvert is installed from it once",
		"3.15": "there is only Python 3.15, and nbconvert needs one from 3.9 to 3.14",
	} {
		env, _ := pythonOf(t, version, "echo 'Temporary failure in name resolution'; exit 1")
		dir := filepath.Join(t.TempDir(), "jupyter")
		if _, err := setUpJupyter(t.Context(), dir, env, &terminal{out: &bytes.Buffer{}}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("Python %s: %v", version, err)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("Python %s: something half-made is left", version)
		}
	}
}
