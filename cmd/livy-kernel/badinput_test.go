// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy/localspark/pyenv"
)

// python is a shell script that plays a Python of a version; pip is what it
// does when packages are installed.
func python(path, version, pip string) string {
	return `#!/bin/sh
case "$*" in
*importlib.util\ as\ u*) echo '{"path": "` + path + `", "version": [` + strings.Replace(version, ".", ", ", 1) + `], "venv": true}' ;;
"-m venv "*) /bin/mkdir -p "$3/bin" && /bin/cp ` + path + ` "$3/bin/python" ;;
"-m pip install"*) ` + pip + ` ;;
esac
`
}

// The machine has not what the set-up needs: one sentence that says what to
// do, exit code 1, and nothing half-made.
func TestSetUpThatCannotBe(t *testing.T) {
	for _, c := range []struct{ name, version, pip, want string }{
		{"no Python", "", "", "no Python is on PATH, and Spark 3.5.7 needs one from 3.9 to 3.12: install Python 3.12 with venv (for example with: uv python install 3.12)"},
		{"only a newer Python", "3.14", "", "there is only Python 3.14, and Spark 3.5.7 needs one from 3.9 to 3.12: install Python 3.12 with venv (for example with: uv python install 3.12)"},
		{"only an older Python", "3.8", "", "there is only Python 3.8, and Spark 3.5.7 needs one from 3.9 to 3.12: install Python 3.12 with venv (for example with: uv python install 3.12)"},
		{"no network", "3.11", "echo 'Temporary failure in name resolution'; exit 1",
			"the Python package index cannot be reached; Spark 3.5.7 is installed from it once, so connect to the network, or name your mirror with PIP_INDEX_URL, and try again"},
		{"a full disk", "3.11", "echo 'OSError: [Errno 28] No space left on device'; exit 1", "the disk with $HOME/cache/spark/venv is full; free about 1 GB there"},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := newUser(t)
			if c.version != "" {
				path := filepath.Join(u.home, "bin", "python3")
				if err := os.WriteFile(path, []byte(python(path, c.version, c.pip)), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			u.environ = append(u.environ, "PATH="+filepath.Join(u.home, "bin"))
			_, stderr, code := u.run("demo", "--cache-dir", filepath.Join(u.home, "cache"), "--output", filepath.Join(u.home, "out"))
			if want := "livy-kernel: " + c.want + "\n"; code != exitFailure || stderr != want {
				t.Errorf("exited %d\ngot  %swant %s", code, stderr, want)
			}
			left := map[string]bool{}
			for _, file := range u.files("cache") {
				left[file] = true
			}
			if delete(left, "cache/spark/lock"); len(left) != 0 || len(u.files("out")) != 0 {
				t.Errorf("left behind: %v, %v", left, u.files("out"))
			}
		})
	}
}

// files lists what lies below a folder of the user's.
func (u *user) files(below string) []string {
	u.t.Helper()
	var all []string
	err := filepath.WalkDir(filepath.Join(u.home, below), func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && !entry.IsDir() {
			all = append(all, strings.TrimPrefix(path, u.home+"/"))
		}
		return err
	})
	if err != nil {
		u.t.Fatal(err)
	}
	return all
}

func TestTaxiFileThatIsNotThere(t *testing.T) {
	u := newUser(t, "GREEN_TAXI=/nowhere/green.parquet")
	stdout, stderr, code := u.run("demo", "--cache-dir", filepath.Join(u.home, "cache"))
	const want = "livy-kernel: GREEN_TAXI names /nowhere/green.parquet, which cannot be read (stat /nowhere/green.parquet: no such file or directory); name a parquet file, or leave it out for generated rows\n"
	if code != exitFailure || stderr != want || stdout != "" {
		t.Errorf("exited %d: %s%s", code, stdout, stderr)
	}
}

// What the system refuses is named by its error; report adds what to do.
func TestReportOfTheSystemsErrors(t *testing.T) {
	at := func(err error) error { return &fs.PathError{Op: "write", Path: "/data/x", Err: err} }
	for _, c := range []struct {
		err  error
		code int
		want string
	}{
		{at(syscall.ENOSPC), exitFailure, "livy-kernel: write /data/x: " + syscall.ENOSPC.Error() + "\nhint: free some space there\n"},
		{at(syscall.EDQUOT), exitFailure, "livy-kernel: write /data/x: " + syscall.EDQUOT.Error() + "\nhint: free some space there\n"},
		{at(syscall.EROFS), exitFailure, "livy-kernel: write /data/x: " + syscall.EROFS.Error() + "\nhint: make it writable for you\n"},
		{at(syscall.EACCES), exitFailure, "livy-kernel: write /data/x: " + syscall.EACCES.Error() + "\nhint: make it writable for you\n"},
		{at(syscall.ENOTDIR), exitFailure, "livy-kernel: write /data/x: " + syscall.ENOTDIR.Error() + "\nhint: move away the file that lies where a folder is to be\n"},
		{hint(at(syscall.ENOSPC), "its own"), exitFailure, "livy-kernel: write /data/x: " + syscall.ENOSPC.Error() + "\nhint: its own\n"},
		{pyenv.FolderError("/data", syscall.EROFS), exitFailure, "livy-kernel: the folder /data cannot be written; make it writable, or name another one\n"},
		{errors.New("other"), exitFailure, "livy-kernel: other\n"},
		{context.Canceled, exitInterrupted, "livy-kernel: interrupted\n"},
		{nil, exitOK, ""},
	} {
		var said bytes.Buffer
		if code := report(&said, c.err); code != c.code || said.String() != c.want {
			t.Errorf("exits %d\ngot  %swant %s", code, said.String(), c.want)
		}
	}
}
