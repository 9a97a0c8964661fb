// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed hooks.py
var hooks []byte

// nbconvert executes a notebook with a program of its own.
type nbconvert struct {
	python   string
	env      []string
	dataDir  string // where the kernelspecs are
	executed string // where the notebook goes
}

// execute runs notebook and tells t about each cell.
func (n nbconvert) execute(ctx context.Context, notebook []byte, t *terminal) error {
	scratch, err := os.MkdirTemp("", "livy-kernel-demo-")
	if err != nil {
		return fmt.Errorf("make a scratch folder: %w", err)
	}
	defer os.RemoveAll(scratch)
	in := func(name string) string { return filepath.Join(scratch, name) }
	for name, content := range map[string][]byte{"quickstart.ipynb": notebook, "hooks.py": hooks, "events": nil} {
		if err := os.WriteFile(in(name), content, 0o600); err != nil {
			return fmt.Errorf("write the notebook: %w", err)
		}
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, n.python, "-m", "nbconvert", "--to", "notebook", "--execute",
		"--ExecutePreprocessor.kernel_name="+kernelName, "--config", in("hooks.py"), "--output", in("executed.ipynb"), in("quickstart.ipynb"))
	// The rows that the notebook generates are temporary files, and go with it.
	cmd.Env = append(n.env, "JUPYTER_PATH="+n.dataDir, "JUPYTER_NO_CONFIG=1", "LIVY_KERNEL_DEMO_EVENTS="+in("events"),
		"TMPDIR="+scratch, "TEMP="+scratch, "TMP="+scratch)
	cmd.Dir = scratch
	cmd.Stdout, cmd.Stderr = &said, &said
	// Interrupted, nbconvert shuts its kernel down, and that its session.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start nbconvert: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	failed, err := follow(in("events"), ended, t)
	switch {
	case err != nil && ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil && failed > 0:
		return fmt.Errorf("the quickstart failed in cell %d, whose error stands above", failed)
	case err != nil:
		return fmt.Errorf("the quickstart failed: %s", lastLine(said.String(), err))
	}
	if err := moveFile(in("executed.ipynb"), n.executed); err != nil {
		return fmt.Errorf("keep the executed notebook: %w", err)
	}
	return nil
}

// lastLine is the last that nbconvert said.
func lastLine(said string, err error) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		return last
	}
	return err.Error()
}

// moveFile moves a file, also to another file system.
func moveFile(from, to string) error {
	if os.Rename(from, to) == nil {
		return nil
	}
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(to, content, 0o644), os.Remove(from)) //nolint:gosec // a notebook of the user's own
}
