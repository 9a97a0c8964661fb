// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// The kernel of all languages takes a cell for what VS Code says of it, and for
// Python where it says nothing.
func TestKernelOfAllLanguages(t *testing.T) {
	server := echoServer()
	defer server.Close()
	u := newUser(t)
	u.must("install", "sales", "--endpoint", server.URL, "--kinds", "shared")
	p := start(t, u.environ, "--profile", "sales", "--kind", "shared", "--config", filepath.Join(u.home, ".config/livy-kernel/config.toml"))
	client := p.dial(t)
	x, err := client.Request(t.Context(), kerneltest.Control, wire.KernelInfoRequest{})
	if err != nil {
		t.Fatal(err)
	}
	var info wire.KernelInfoReply
	if err := x.Reply.Decode(&info); err != nil || info.LanguageInfo.Name != "python" {
		t.Errorf("language_info is that of %q, %v", info.LanguageInfo.Name, err)
	}
	for i, language := range []string{"python", "sql", "scala", ""} {
		m, err := client.Session().Message(wire.ExecuteRequest{Code: fmt.Sprint("cell ", i), StoreHistory: true}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if language != "" {
			m.Metadata = []byte(`{"cellId":"c","vscode":{"languageId":"` + language + `"}}`)
		}
		if err := client.SendMessage(t.Context(), kerneltest.Shell, m); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Wait(t.Context(), m, kerneltest.Exchange.Served); err != nil {
			t.Fatal(err)
		}
	}
	kinds := make(map[string]string)
	for _, r := range server.Requests() {
		var body struct{ Code, Kind string }
		if r.Method == "POST" && json.Unmarshal(r.Body, &body) == nil && len(body.Code) == len("cell 0") {
			kinds[body.Code] = body.Kind
		}
	}
	if diff := cmp.Diff(map[string]string{"cell 0": "pyspark", "cell 1": "sql", "cell 2": "spark", "cell 3": "pyspark"}, kinds); diff != "" {
		t.Error(diff)
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.ends(t, exitOK)
}
