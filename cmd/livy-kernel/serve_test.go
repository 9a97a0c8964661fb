// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/livy-kernel/livy-kernel/internal/connect"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// scripted is an embedded server without Spark.
func scripted(a *app) {
	a.embedded = func(context.Context, connect.Options, func(string)) (*server.Server, error) {
		return server.New(livytest.NewEngine()), nil
	}
}

func TestServe(t *testing.T) {
	u := newUser(t)
	reader, writer := io.Pipe()
	u.change = func(a *app) {
		scripted(a)
		a.stdout = writer
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan int, 1)
	go func() {
		_, stderr, code := u.runUntil(ctx, "serve")
		if stderr != "" {
			t.Errorf("stderr: %s", stderr)
		}
		ended <- code
		writer.Close()
	}()
	banner := make([]byte, 4096)
	n, err := reader.Read(banner)
	if err != nil {
		t.Fatal(err)
	}
	said := string(banner[:n])
	m := regexp.MustCompile(`^Livy server: (http://127\.0\.0\.1:(\d+))\nToken: (\w{20,})\nToken file: (.+)\nStop it with Ctrl-C\.\n$`).FindStringSubmatch(said)
	if m == nil {
		t.Fatalf("printed %q", said)
	}
	url, port, token, file := m[1], m[2], m[3], m[4]
	if want := filepath.Join(u.home, ".local/state/livy-kernel/serve-"+port+".token"); file != want {
		t.Errorf("token file %s, want %s", file, want)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("token file: %v, %v", info, err)
	}
	if kept, err := os.ReadFile(file); err != nil || string(kept) != token+"\n" {
		t.Errorf("token file holds %q, %v", kept, err)
	}
	for credentials, want := range map[string]int{"": 401, token: 200, token + "x": 401} {
		if got := get(t, url+"/sessions", credentials); got != want {
			t.Errorf("token %q: status %d, want %d", credentials, got, want)
		}
	}

	_, stderr, code := (&user{t: t, home: u.home, environ: u.environ, change: scripted}).run("serve", "--port", port)
	if want := fmt.Sprintf("livy-kernel: port %s is taken\nhint: choose another one with --port, or leave it out for a free one\n", port); code != exitFailure || stderr != want {
		t.Errorf("a second server exited %d: %s", code, stderr)
	}

	stop()
	if code := <-ended; code != exitOK {
		t.Errorf("exited %d", code)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the token file is still there: %v", err)
	}
}

func get(t *testing.T, url, token string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

func TestServeSaysWhatKeepsIt(t *testing.T) {
	u := newUser(t)
	u.change = scripted
	if err := os.MkdirAll(filepath.Join(u.home, ".local"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(u.home, ".local", "state"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, stderr, code := u.run("serve")
	const want = "livy-kernel: write the token: mkdir $HOME/.local/state: not a directory\nhint: move away the file that lies where a folder is to be\n"
	if code != exitFailure || stderr != want {
		t.Errorf("exited %d: %s", code, stderr)
	}
	u.environ = append(u.environ, "LIVY_KERNEL_LOG=loud")
	if _, stderr, code := u.run("serve"); code != exitFailure || stderr != "livy-kernel: LIVY_KERNEL_LOG: \"loud\" is no level; allowed: debug, info, warn, error\n" {
		t.Errorf("exited %d: %s", code, stderr)
	}
}

// A token file that a killed server left, readable by all, is not written into.
func TestServeReplacesAStaleTokenFile(t *testing.T) {
	dir := t.TempDir()
	addr := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8998}
	stale := filepath.Join(dir, "serve-"+strconv.Itoa(addr.Port)+".token")
	if err := os.WriteFile(stale, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	file, err := writeToken(dir, addr, "new")
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() != 4 {
		t.Errorf("got %v, %v", info, err)
	}
}
