// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package pyenv finds a Python on this machine and makes environments of it,
// with packages from the package index. What goes wrong is worded for people:
// see [Error].
package pyenv

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Environment is a Python environment of our own.
type Environment struct {
	Python string // absolute path of its interpreter

	env     []string
	dir     string
	purpose string
}

// Make makes an environment of base in dir, which must not exist. env is in
// the form of os.Environ and tells pip about proxies, indexes and
// certificates; purpose stands in errors.
func Make(ctx context.Context, base Python, dir string, env []string, purpose string) (*Environment, error) {
	e := &Environment{Python: interpreter(dir), env: env, dir: dir, purpose: purpose}
	printed, err := e.run(ctx, base.Path, "-m", "venv", dir)
	switch {
	case err == nil:
		return e, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case strings.Contains(printed, "ensurepip"):
		return nil, withoutVenv(base)
	}
	return nil, pipError(purpose, dir, printed, fmt.Errorf("make a Python environment: %w", err))
}

// interpreter is where the Python of an environment lies.
func interpreter(dir string) string {
	if runtime.GOOS == "windows" {
		return filepath.Join(dir, "Scripts", "python.exe")
	}
	return filepath.Join(dir, "bin", "python")
}

// Install installs packages, each as pip's requirement specifiers name them.
func (e *Environment) Install(ctx context.Context, packages ...string) error {
	args := append([]string{"-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"}, packages...)
	printed, err := e.run(ctx, e.Python, args...)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return pipError(e.purpose, e.dir, printed, err)
}

// ModuleFolder is where an installed package lies.
func (e *Environment) ModuleFolder(ctx context.Context, module string) (string, error) {
	cmd := exec.CommandContext(ctx, e.Python, "-c",
		"import importlib.util, os, sys; print(os.path.dirname(importlib.util.find_spec(sys.argv[1]).origin))", module)
	cmd.Env = e.env
	out, err := cmd.Output()
	folder := strings.TrimSpace(string(out))
	if err != nil || !filepath.IsAbs(folder) {
		return "", &Error{"the Python package " + module + " was installed but is not found; try again", err}
	}
	return folder, nil
}

// run runs a program to its end and returns what it printed.
func (e *Environment) run(ctx context.Context, program string, args ...string) (string, error) {
	var printed bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = e.env, &printed, &printed
	cmd.WaitDelay = 5 * time.Second // children of pip's may hold the pipe
	err := cmd.Run()
	return printed.String(), err
}
