// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/finish"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// finishers are the processes of this program that finish a session.
func finishers(t *testing.T) []int {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var found []int
	for _, file := range files {
		text, err := os.ReadFile(file)
		if arguments := strings.Split(string(text), "\x00"); err != nil || len(arguments) < 2 || arguments[0] != self || arguments[1] != finish.Command {
			continue // another one, or it has ended meanwhile
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil {
			found = append(found, pid)
		}
	}
	return found
}

// TestRow53FinisherKeepsItsSecret: the process that sees a DELETE through has
// the credential neither in its arguments nor in its environment, and what ends
// the kernel's process group does not end it.
func TestRow53FinisherKeepsItsSecret(t *testing.T) {
	srv, u := withPassword(t)
	p := u.startSales()
	execute(t, p.dial(t), "1+1")
	release, second := make(chan struct{}), make(chan struct{})
	srv.Inject("DELETE /sessions/*", livytest.Delay(release), func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		close(second)
		livytest.Delay(release)(w, r, next)
	})
	p.signal(t, syscall.SIGTERM)
	p.ends(t, exitOK)
	<-second
	pids := finishers(t)
	if len(pids) != 1 {
		t.Fatalf("%d processes finish the session", len(pids))
	}
	if group, err := syscall.Getpgid(pids[0]); err != nil || group != pids[0] {
		t.Errorf("it is in the process group %d, %v; want one of its own", group, err)
	}
	for _, name := range []string{"cmdline", "environ"} {
		text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pids[0]), name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "canary") || strings.Contains(string(text), "YW5uOmNhbmFyeQ") { // as the header has it
			t.Errorf("the password shows in its %s", name)
		}
	}
	close(release)
	await(t, "the process does not end", func() bool { return len(finishers(t)) == 0 })
	if files := u.recordFiles(); len(files) != 0 {
		t.Errorf("records %v", files)
	}
}
