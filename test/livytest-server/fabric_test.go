// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
)

// TestFabric: the first line is a connection string, and the tokens are those
// of the file as it is now.
func TestFabric(t *testing.T) {
	tokens := filepath.Join(t.TempDir(), "tokens")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, stdout := io.Pipe()
	ended := make(chan error)
	go func() {
		ended <- run(ctx, []string{"--dialect", "fabric", "--token-file", tokens, "--queued", "1", "--fallback", "x"}, stdout)
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	endpoint := strings.TrimSpace(line)
	if _, err := livy.ParseFabricEndpoint(endpoint); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		file string
		want int
	}{{"old\n", http.StatusUnauthorized}, {"old\nnew\n", http.StatusOK}} {
		if err := os.WriteFile(tokens, []byte(c.file), 0o600); err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint+"/sessions", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer new")
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != c.want {
			t.Errorf("%q: status %d, want %d", c.file, resp.StatusCode, c.want)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
