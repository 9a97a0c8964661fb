// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package entra

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestOpener: a browser gets the link as one argument, and nothing that the
// environment names is run.
func TestOpener(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	program := writeFile(t, "open", "#!/bin/sh\necho \"$#|$1|$PATH|$BROWSER|$DISPLAY\" > "+pipe+"\n", 0o700)
	if err := start(program, "https://login.example/?a=1&b=$(id)", []string{"PATH=/evil", "BROWSER=/evil/run", "DISPLAY=:0"}); err != nil {
		t.Fatal(err)
	}
	reader, err := os.Open(pipe)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	got, err := bufio.NewReader(reader).ReadString('\n')
	if want := "1|https://login.example/?a=1&b=$(id)|" + strings.TrimPrefix(systemPath, "PATH=") + "||:0\n"; err != nil || got != want {
		t.Errorf("started with %q, %v", got, err)
	}
	for _, link := range []string{"--help", "file:///etc/passwd", "http://login.example"} {
		if Opener(nil)(link) == nil {
			t.Errorf("%s is opened", link)
		}
	}
}
