// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/detached"
	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy/localspark/sparktest"
)

// apart is a user whose kernels run on the Spark of the tests, with lines of
// the profile's kernel table.
func apart(t *testing.T, lines string) *user {
	t.Helper()
	spark := sparktest.Dir(t, os.Environ())
	sparktest.Setup(t, os.Environ()) // the kernels have no Python on their PATH that they could do it with
	u := newUser(t)
	file := filepath.Join(u.home, ".config/livy-kernel/config.toml")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("[profiles.local]\nendpoint = \"local\"\nspark.dir = %q\n[profiles.local.kernel]\n%s", spark, lines)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return u
}

// opens starts a kernel of a notebook and runs code in it.
func (u *user) opens(notebook, code string) (*process, *kerneltest.Client) {
	u.t.Helper()
	p := start(u.t, append([]string{"JPY_SESSION_NAME=" + filepath.Join(u.home, notebook)}, u.environ...),
		"--profile", "local", "--kind", "pyspark", "--config", filepath.Join(u.home, ".config/livy-kernel/config.toml"))
	client := p.dial(u.t)
	if failed := execute(u.t, client, code); failed != "" {
		u.t.Fatalf("%s: %s", code, failed)
	}
	return p, client
}

// closes ends a kernel as Jupyter does.
func (p *process) closes(t *testing.T, client *kerneltest.Client) {
	t.Helper()
	if _, err := client.Request(t.Context(), kerneltest.Control, wire.ShutdownRequest{}); err != nil {
		t.Fatal(err)
	}
	p.ends(t, exitOK)
}

// server returns how the one detached server is reached.
func (u *user) server() detached.Server {
	u.t.Helper()
	files, err := filepath.Glob(filepath.Join(u.home, ".local/state/livy-kernel/detached-*.json"))
	if err != nil || len(files) != 1 {
		u.t.Fatalf("detached servers: %v, %v", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		u.t.Fatal(err)
	}
	var s detached.Server
	if err := json.Unmarshal(data, &s); err != nil {
		u.t.Fatal(err)
	}
	return s
}

// endServer ends the detached server by SIGTERM; it takes its file away last.
func (u *user) endServer() {
	u.t.Helper()
	if err := syscall.Kill(u.server().PID, syscall.SIGTERM); err != nil {
		u.t.Fatal(err)
	}
}

// TestKeptOnEmbeddedSpark closes a notebook and opens it again: its session
// lives on in a process apart, which two notebooks can share too.
func TestKeptOnEmbeddedSpark(t *testing.T) {
	u := apart(t, "on_shutdown = \"keep\"\n")
	first, client := u.opens("a.ipynb", "x = 41")
	defer u.endServer()
	if group, err := syscall.Getpgid(u.server().PID); err != nil || group != u.server().PID {
		t.Errorf("the server is in the process group %d, %v; want one of its own", group, err)
	}
	first.closes(t, client)
	if got := u.must("sessions"); !strings.Contains(got, "ended, kept") || !strings.Contains(got, "idle") {
		t.Errorf("after the first kernel:\n%s", got)
	}

	// Opened within two seconds it would be a restart: another notebook first.
	shared, sharing := u.opens("b.ipynb", "%%session share both")
	if failed := execute(t, sharing, "y = 1"); failed != "" {
		t.Error(failed)
	}
	other, seeing := u.opens("c.ipynb", "%%session share both")
	if failed := execute(t, seeing, "assert y == 1"); failed != "" {
		t.Errorf("the notebook that shares: %s", failed)
	}
	other.closes(t, seeing)
	shared.closes(t, sharing)

	second, client := u.opens("a.ipynb", "assert x + 1 == 42")
	if failed := execute(t, client, "%%session stop"); failed != "" {
		t.Error(failed)
	}
	second.closes(t, client)
	if got := u.must("sessions"); got != "No sessions are recorded.\n" {
		t.Errorf("at the end:\n%s", got)
	}
}

// TestRow44And52OnEmbeddedSpark kills first the kernel in mid-cell and then the
// server: the next kernel goes on with the session and shows the cell's result,
// and a session that went with its server is said to be gone.
func TestRow44And52OnEmbeddedSpark(t *testing.T) {
	u := apart(t, "on_shutdown = \"keep\"\n")
	first, client := u.opens("a.ipynb", "x = 41")
	if _, err := client.Send(t.Context(), kerneltest.Shell, wire.ExecuteRequest{Code: "import time; time.sleep(5); print('worked')", StoreHistory: true}); err != nil {
		t.Fatal(err)
	}
	await(t, "the statement is not recorded", func() bool { return u.recordsHold(`"statement"`) })
	first.signal(t, syscall.SIGKILL)
	_ = first.Wait() // it was killed

	second, client := u.opens("a.ipynb", "assert x == 41")
	var printed strings.Builder
	for _, m := range client.Transcript(kerneltest.IOPub) {
		printed.Write(m.Content)
	}
	if got := printed.String(); !strings.Contains(got, "Back on Spark session 0") || !strings.Contains(got, "ran when the last kernel ended") || !strings.Contains(got, "worked") {
		t.Errorf("the next kernel shows %s", got)
	}

	if err := syscall.Kill(u.server().PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	// The statement finds nobody; it may or may not have been sent.
	if failed := execute(t, client, "x"); failed == "" {
		t.Error("a cell runs without a server")
	}
	await(t, "no other server is found", func() bool { return execute(t, client, "y = 1") == "" })
	defer u.endServer() // another one
	if failed := execute(t, client, "assert 'x' not in globals() and y == 1"); failed != "" {
		t.Error(failed)
	}
	if failed := execute(t, client, "%%session stop"); failed != "" {
		t.Error(failed)
	}
	second.closes(t, client)
}

// recordsHold reports whether the record of a session holds text.
func (u *user) recordsHold(text string) bool {
	for _, file := range u.recordFiles() {
		if data, err := os.ReadFile(file); err == nil && strings.Contains(string(data), text) {
			return true
		}
	}
	return false
}
