// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// process is livy-kernel as Jupyter starts it.
type process struct {
	*exec.Cmd
	stderr bytes.Buffer
	info   kernel.ConnectionInfo
}

// start starts the test binary as livy-kernel on a new connection file. extra
// are the arguments after -f FILE.
func start(t *testing.T, environ []string, extra ...string) *process {
	t.Helper()
	file := filepath.Join(t.TempDir(), "connection.json")
	info, err := kerneltest.WriteConnectionFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p := &process{info: info}
	p.exec(t, environ, append([]string{"-f", file}, extra...)...)
	return p
}

func (p *process) exec(t *testing.T, environ []string, args ...string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p.Cmd = exec.CommandContext(t.Context(), self, args...)
	p.Env = append([]string{asProgram + "=1"}, environ...)
	p.Stderr = &p.stderr
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
}

// dial connects as soon as the ports are open.
func (p *process) dial(t *testing.T) *kerneltest.Client {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	client, err := kerneltest.DialStarting(ctx, p.info)
	if err != nil {
		t.Fatalf("the ports do not open: %v\n%s", err, p.stderr.String())
	}
	t.Cleanup(client.Close)
	return client
}

// execute runs a cell and returns its error, or "".
func execute(t *testing.T, client *kerneltest.Client, code string) string {
	t.Helper()
	x, err := client.Request(t.Context(), kerneltest.Shell, wire.ExecuteRequest{Code: code, StoreHistory: true, StopOnError: true})
	if err != nil {
		t.Fatal(err)
	}
	m := x.Find("error")
	if m == nil {
		return ""
	}
	var content struct{ EName, EValue string }
	if err := json.Unmarshal(m.Content, &content); err != nil {
		t.Fatal(err)
	}
	return content.EName + ": " + content.EValue
}

// ends waits for the process and checks how it ended.
func (p *process) ends(t *testing.T, code int) {
	t.Helper()
	_ = p.Wait() // the state tells more
	if got := p.ProcessState.ExitCode(); got != code {
		t.Errorf("exited %d, want %d\n%s", got, code, p.stderr.String())
	}
}
