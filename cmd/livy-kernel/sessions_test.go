// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/sessions"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

// TestRow70And72SessionsList has no name, state or link steer the terminal that
// the list is read in, or forge a row of it.
func TestRow70And72SessionsList(t *testing.T) {
	const hostile = "<script>x</script>\x1b]52;c;aGk=\x07\x1b]0;title\x07\x1b]8;;http://e\x1b\\l\u202e\u009b2J\n9\tforged"
	srv := echoServer()
	defer srv.Close()
	u := newUser(t)
	u.must("install", "sales", "--endpoint", srv.URL)
	name := "livy-kernel-" + hostile
	store := sessions.NewStore(filepath.Join(u.home, ".local/state/livy-kernel/sessions"), slog.New(slog.DiscardHandler))
	entry, err := store.Add(sessions.Record{Profile: "sales", Endpoint: srv.URL, Name: name, ID: "7", Created: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	answer, jsonErr := json.Marshal(map[string]any{
		"id": 7, "name": name, "state": hostile, "appInfo": map[string]string{"sparkUiUrl": "https://e/\x1b]0;x\n8\tforged"},
	})
	if err := errors.Join(jsonErr, entry.Release()); err != nil {
		t.Fatal(err)
	}
	srv.Inject("GET /sessions/*", livytest.Status(http.StatusOK, string(answer)))
	got := u.must("sessions", "list")
	if strings.ContainsAny(got, "\x1b\x07\u202e\u009b") {
		t.Errorf("controls are left: %q", got)
	}
	if n := strings.Count(got, "\n"); n != 2 || !strings.Contains(got, "l 9 forged") {
		t.Errorf("%d lines:\n%s", n, got)
	}
}
