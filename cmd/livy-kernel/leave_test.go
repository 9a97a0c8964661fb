// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// startSales starts a kernel of the profile sales.
func (u *user) startSales(environ ...string) *process {
	u.t.Helper()
	return start(u.t, append(u.environ, environ...), "--profile", "sales", "--kind", "pyspark", "--config", filepath.Join(u.home, ".config/livy-kernel/config.toml"))
}

// withPassword returns a server that asks for a password, and a user whose
// profile sales is of it.
func withPassword(t *testing.T) (*livytest.Server, *user) {
	t.Helper()
	srv := echoServer(livytest.WithBasicAuth("ann", "canary"))
	t.Cleanup(func() { _ = srv.Close() }) // the test is over
	u := newUser(t, "LIVY_KERNEL_PASSWORD=canary")
	u.must("install", "sales", "--endpoint", srv.URL, "--auth", "basic", "--username", "ann")
	return srv, u
}

// shutsDownIn runs code, shuts the kernel down in it once begun is closed, and
// waits for the end of both.
func (p *process) shutsDownIn(t *testing.T, code string, begun <-chan struct{}) {
	t.Helper()
	client := p.dial(t)
	cell := make(chan string, 1)
	go func() { cell <- execute(t, client, code) }()
	<-begun
	if _, err := client.Request(t.Context(), kerneltest.Control, wire.ShutdownRequest{}); err != nil {
		t.Fatal(err)
	}
	if got := <-cell; !strings.HasPrefix(got, "KeyboardInterrupt") {
		t.Errorf("the cell says %q", got)
	}
	p.ends(t, exitOK)
}

func (p *process) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := p.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// TestRow52KilledKernel leaves a session that is listed, and can be stopped.
func TestRow52KilledKernel(t *testing.T) {
	srv, u := withPassword(t)
	p := u.startSales()
	execute(t, p.dial(t), "1+1")
	if got := u.must("sessions"); !strings.Contains(got, "runs") || !strings.Contains(got, "idle") {
		t.Errorf("while it runs:\n%s", got)
	}
	p.signal(t, syscall.SIGKILL)
	_ = p.Wait() // it was killed
	if got := u.must("sessions", "list"); !strings.Contains(got, "killed") || !strings.Contains(got, "livy-kernel-") {
		t.Errorf("killed:\n%s", got)
	}
	if err := filepath.WalkDir(filepath.Join(u.home, ".local"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), "canary") {
			t.Errorf("the password stands in %s", path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got := u.must("sessions", "stop", "--orphans"); !strings.HasPrefix(got, "Session 0 (livy-kernel-") {
		t.Errorf("stop: %s", got)
	}
	if got := u.must("sessions"); got != "No sessions are recorded.\n" || srv.Count("DELETE /sessions/*") != 1 {
		t.Errorf("afterwards:\n%s%d deletes", got, srv.Count("DELETE /sessions/*"))
	}
}

// TestRow53DeleteHangs ends the kernel in time; another process sees the DELETE
// through and removes the record.
func TestRow53DeleteHangs(t *testing.T) {
	srv, u := withPassword(t)
	p := u.startSales()
	execute(t, p.dial(t), "1+1")
	release, first := make(chan struct{}), make(chan struct{})
	defer close(release)
	again := make(chan struct{})
	srv.Inject("DELETE /sessions/*", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		close(first)
		livytest.Delay(release)(w, r, next)
	}, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(w, r)
		close(again)
	})
	p.signal(t, syscall.SIGTERM)
	<-first
	p.ends(t, exitOK)
	<-again
	for len(u.recordFiles()) > 0 { // which the other process is about to remove
		if t.Context().Err() != nil {
			t.Fatal("the record stays")
		}
	}
}

func (u *user) recordFiles() []string {
	u.t.Helper()
	files, err := filepath.Glob(filepath.Join(u.home, ".local/state/livy-kernel/sessions/*.json"))
	if err != nil {
		u.t.Fatal(err)
	}
	return files
}

// TestRow13ShutdownDuringACell replies, cancels the statement, deletes the
// session and ends, although the code does not stop.
func TestRow13ShutdownDuringACell(t *testing.T) {
	engine := livytest.NewEngine()
	begun, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	engine.On("work", func(ctx context.Context, call livytest.Call) (server.Output, error) {
		close(begun)
		return livytest.Stubborn(release, livytest.Text(""))(ctx, call)
	})
	srv := livytest.NewServer(engine)
	defer srv.Close()
	u := newUser(t)
	u.must("install", "sales", "--endpoint", srv.URL)
	p := u.startSales()
	p.shutsDownIn(t, "work", begun)
	if srv.Count("POST /sessions/*/statements/*/cancel") != 1 || srv.Count("DELETE /sessions/*") < 1 {
		t.Errorf("%d cancels, %d deletes", srv.Count("POST /sessions/*/statements/*/cancel"), srv.Count("DELETE /sessions/*"))
	}
}

// TestRow54TwoKernels have two sessions with two names, and share nothing.
func TestRow54TwoKernels(t *testing.T) {
	srv := echoServer()
	defer srv.Close()
	u := newUser(t)
	u.must("install", "sales", "--endpoint", srv.URL)
	one, other := u.startSales("JPY_SESSION_NAME=/a.ipynb"), u.startSales("JPY_SESSION_NAME=/b.ipynb")
	execute(t, one.dial(t), "1+1")
	execute(t, other.dial(t), "1+1")
	if n := srv.Count("POST /sessions"); n != 2 || len(u.recordFiles()) != 2 {
		t.Errorf("%d sessions, records %v", n, u.recordFiles())
	}
	one.signal(t, syscall.SIGTERM)
	one.ends(t, exitOK)
	if n := srv.Count("DELETE /sessions/*"); n != 1 || len(u.recordFiles()) != 1 {
		t.Errorf("%d deletes, records %v", n, u.recordFiles())
	}
	other.signal(t, syscall.SIGTERM)
	other.ends(t, exitOK)
}

// TestRow56HomeThatCannotBeWritten is warned of once, and cells run.
func TestRow56HomeThatCannotBeWritten(t *testing.T) {
	srv := echoServer()
	defer srv.Close()
	u := newUser(t)
	u.must("install", "sales", "--endpoint", srv.URL)
	if err := os.WriteFile(filepath.Join(u.home, ".local/state"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := u.startSales()
	client := p.dial(t)
	for range 2 {
		if got := execute(t, client, "1+1"); got != "" {
			t.Errorf("the cell fails: %s", got)
		}
	}
	p.signal(t, syscall.SIGTERM)
	p.ends(t, exitOK)
	if n := strings.Count(p.stderr.String(), "session is not recorded"); n != 1 {
		t.Errorf("warned %d times:\n%s", n, p.stderr.String())
	}
}
