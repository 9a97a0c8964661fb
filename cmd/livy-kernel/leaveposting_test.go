// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"net/http"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// await waits until done, for something that another process is about to do.
func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for !done() {
		if t.Context().Err() != nil {
			t.Fatal(what)
		}
		runtime.Gosched()
	}
}

// TestRow32ShutdownWhilePosting: the kernel ends in time, and whatever came of
// the request that had no answer yet is deleted.
func TestRow32ShutdownWhilePosting(t *testing.T) {
	for name, pattern := range map[string]string{"a session": "POST /sessions", "a statement": "POST /sessions/*/statements"} {
		t.Run(name, func(t *testing.T) {
			engine := livytest.NewEngine()
			engine.Otherwise(livytest.Echo)
			srv := livytest.NewServer(engine)
			defer srv.Close()
			u := newUser(t)
			u.must("install", "sales", "--endpoint", srv.URL)
			taken, release := make(chan struct{}), make(chan struct{})
			defer close(release)
			srv.Inject(pattern, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				close(taken)
				livytest.DelayAnswer(release)(w, r, next)
			})
			p := u.startSales()
			p.shutsDownIn(t, "1+1", taken)
			await(t, "the session lives on", func() bool { return engine.Living() == 0 && len(u.recordFiles()) == 0 })
			if n := srv.Count("POST /sessions"); n != 1 || srv.Count("DELETE /sessions/*") == 0 {
				t.Errorf("%d sessions asked for, %d deletes", n, srv.Count("DELETE /sessions/*"))
			}
		})
	}
}

// TestRow52AttachShowsTheResult of the cell in which the kernel was killed: the
// next one names the session, and goes on with it.
func TestRow52AttachShowsTheResult(t *testing.T) {
	engine := livytest.NewEngine()
	engine.Otherwise(livytest.Text(""))
	release := make(chan struct{})
	engine.On("work", livytest.Stubborn(release, livytest.Text("worked")))
	srv := livytest.NewServer(engine)
	defer srv.Close()
	u := newUser(t)
	u.must("install", "sales", "--endpoint", srv.URL)
	const notebook = "JPY_SESSION_NAME=/home/user/a.ipynb"
	p := u.startSales(notebook)
	client := p.dial(t)
	if _, err := client.Send(t.Context(), kerneltest.Shell, wire.ExecuteRequest{Code: "work", StoreHistory: true}); err != nil {
		t.Fatal(err)
	}
	await(t, "the statement is not recorded", func() bool { return u.recordsHold(`"statement"`) })
	p.signal(t, syscall.SIGKILL)
	_ = p.Wait() // it was killed
	close(release)

	p = u.startSales(notebook)
	client = p.dial(t)
	run := func(code string) kerneltest.Exchange {
		x, err := client.Request(t.Context(), kerneltest.Shell, wire.ExecuteRequest{Code: code, StoreHistory: true})
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	run("%%session attach 0")
	x := run("%%session list")
	if m := x.Find("display_data"); m == nil || !strings.Contains(string(m.Content), "this one") {
		t.Errorf("the list: %v", x.Types())
	}
	var printed strings.Builder
	for _, m := range client.Transcript(kerneltest.IOPub) {
		printed.Write(m.Content)
	}
	if got := printed.String(); !strings.Contains(got, "ran when the last kernel ended") || !strings.Contains(got, "worked") {
		t.Errorf("attached: %s", got)
	}
	if n := engine.Runs("work"); n != 1 {
		t.Errorf("it ran %d times", n)
	}
	p.closes(t, client)
	if engine.Living() != 0 || len(u.recordFiles()) != 0 {
		t.Errorf("%d drivers, records %v", engine.Living(), u.recordFiles())
	}
}
