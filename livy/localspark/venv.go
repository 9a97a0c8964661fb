// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// venvPython is the interpreter of an environment.
func venvPython(venv string) string {
	if runtime.GOOS == "windows" {
		return filepath.Join(venv, "Scripts", "python.exe")
	}
	return filepath.Join(venv, "bin", "python")
}

// makeVenv makes a Python environment at venv.
func makeVenv(ctx context.Context, base python, venv string, p pip) error {
	printed, err := p.run(ctx, base.path, "-m", "venv", venv)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		if strings.Contains(printed, "ensurepip") {
			return noPython([]python{{path: base.path, version: base.version}})
		}
		return pipError(p.dir, printed, fmt.Errorf("make a Python environment: %w", err))
	}
	return nil
}

// pip installs packages into an environment.
type pip struct {
	python string   // of the environment
	env    []string // for proxies, indexes, certificates
	dir    string   // what is set up in, for error texts
}

func (p pip) install(ctx context.Context, packages ...string) error {
	args := append([]string{"-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"}, packages...)
	printed, err := p.run(ctx, p.python, args...)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		log := filepath.Join(p.dir, "setup.log")
		if os.WriteFile(log, []byte(printed), 0o600) == nil {
			err = fmt.Errorf("%w (all that pip said is in %s)", err, log)
		}
		return pipError(p.dir, printed, err)
	}
	return nil
}

// run runs a program to its end and returns what it printed. When ctx ends it
// is given a moment to clean up.
func (p pip) run(ctx context.Context, program string, args ...string) (string, error) {
	var printed bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = p.env, &printed, &printed
	cmd.WaitDelay = 5 * time.Second
	ownGroup(cmd)
	cmd.Cancel = func() error {
		killGroup(cmd)
		return cmd.Process.Kill()
	}
	err := cmd.Run()
	return printed.String(), err
}

// moduleFolder is where an installed Python package lies.
func moduleFolder(ctx context.Context, p pip, module string) (string, error) {
	cmd := exec.CommandContext(ctx, p.python, "-c",
		"import importlib.util, os, sys; print(os.path.dirname(importlib.util.find_spec(sys.argv[1]).origin))", module)
	cmd.Env = p.env
	out, err := cmd.Output()
	folder := strings.TrimSpace(string(out))
	if err != nil || !filepath.IsAbs(folder) {
		return "", &SetupError{"the Python package " + module + " was installed but is not found; try again", err}
	}
	return folder, nil
}
