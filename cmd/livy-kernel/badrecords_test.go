// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/sessions"
)

// spoil puts in the place of a record what is none, but would name the record's
// session to one who reads it all the same. It returns the files, and what
// stands in those that are read.
func spoil(t *testing.T, record, elsewhere string) map[string][]byte {
	t.Helper()
	good, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	newer := bytes.Replace(good, []byte(`"version": 1`), []byte(`"version": 2`), 1)
	if bytes.Equal(newer, good) {
		t.Fatalf("the record has no version:\n%s", good)
	}
	place := func(name string) string { return filepath.Join(filepath.Dir(record), name+".json") }
	files := map[string][]byte{
		place("corrupt"): good[:len(good)-3],
		place("newer"):   newer,
		place("empty"):   nil,
	}
	for file, content := range files {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for file, spoil := range map[string]func(string) error{
		place("folder"):         func(file string) error { return os.Mkdir(file, 0o700) },
		place("pipe"):           func(file string) error { return syscall.Mkfifo(file, 0o600) }, // who opens it waits for ever
		place("link_to_itself"): func(file string) error { return os.Symlink(file, file) },
		record: func(file string) error { // a link to the record, which somebody else could write
			if err := os.Rename(file, elsewhere); err != nil {
				return err
			}
			return os.Symlink(elsewhere, file)
		},
	} {
		if err := spoil(file); err != nil {
			t.Fatal(err)
		}
		files[file] = nil
	}
	if os.Geteuid() != 0 { // whom no mode keeps from reading
		file := place("unreadable")
		if err := os.WriteFile(file, good, 0); err != nil {
			t.Fatal(err)
		}
		files[file] = nil
	}
	return files
}

// TestRow55BadRecordsBetweenKernels: of a killed kernel's session nothing is
// left but files that are no records. The next kernel of the notebook warns of
// each and runs, and neither it nor livy-kernel sessions asks for the session,
// stops it or touches the files. Put right, the record counts again.
func TestRow55BadRecordsBetweenKernels(t *testing.T) {
	srv := echoServer()
	defer srv.Close()
	u := newUser(t)
	u.must("install", "sales", "--endpoint", srv.URL)
	const notebook = "JPY_SESSION_NAME=/home/user/a.ipynb"
	killed := u.startSales(notebook)
	execute(t, killed.dial(t), "1+1")
	killed.signal(t, syscall.SIGKILL)
	_ = killed.Wait() // it was killed
	record, elsewhere := u.recordFiles()[0], filepath.Join(u.home, "elsewhere.json")
	bad := spoil(t, record, elsewhere)
	target, err := os.ReadFile(elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	bad[elsewhere] = target
	var was sessions.Record
	if err := json.Unmarshal(target, &was); err != nil || was.ID != "0" {
		t.Fatalf("the record %s: %v", target, err)
	}

	srv.Forget()
	second := u.startSales(notebook)
	client := second.dial(t)
	for _, code := range []string{"1+1", "%%session list"} {
		if failed := execute(t, client, code); failed != "" {
			t.Errorf("%s: %s", code, failed)
		}
	}
	// Its own record is spoilt while it runs; it knows its session all the same.
	own := slices.DeleteFunc(u.recordFiles(), func(file string) bool { _, known := bad[file]; return known })
	if len(own) != 1 {
		t.Fatalf("records of the second kernel: %v", own)
	}
	if err := os.WriteFile(own[0], nil, 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, warned, code := u.run("sessions", "stop", "--orphans")
	if stdout != "" || code != exitOK {
		t.Errorf("sessions stop --orphans exited %d: %s", code, stdout)
	}
	second.closes(t, client)
	if _, err := os.Lstat(own[0]); srv.Count("DELETE /sessions/*") != 1 || !os.IsNotExist(err) {
		t.Errorf("%d deletes of its own session, record: %v", srv.Count("DELETE /sessions/*"), err)
	}
	for _, r := range srv.Requests() {
		if id, _, _ := strings.Cut(strings.TrimPrefix(r.Path, "/sessions/"), "/"); id == "0" || id == was.Name {
			t.Errorf("%s %s for a record that is none", r.Method, r.Path)
		}
	}
	for file, content := range bad {
		name := filepath.Base(file)
		if said := strings.Contains(second.stderr.String(), name) && strings.Contains(warned, name); !said && file != elsewhere {
			t.Errorf("nothing is said of %s:\n%s\n%s", name, second.stderr.String(), warned)
		}
		if content != nil {
			if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, content) {
				t.Errorf("%s has become %q, %v", file, now, err)
			}
		} else if _, err := os.Lstat(file); err != nil {
			t.Error(err)
		}
	}

	if err := os.Rename(elsewhere, record); err != nil {
		t.Fatal(err)
	}
	if stdout, _, _ := u.run("sessions", "stop", "--orphans"); !strings.HasPrefix(stdout, "Session 0 (livy-kernel-") || srv.Count("DELETE /sessions/*") != 2 {
		t.Errorf("put right: %q, %d deletes", stdout, srv.Count("DELETE /sessions/*"))
	}
}
