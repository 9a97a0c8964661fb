// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/localspark/pyenv"
)

// jupyterPythons are those that nbconvert runs on.
var jupyterPythons = pyenv.Range{Oldest: pyenv.Version{3, 9}, Newest: pyenv.Version{3, 14}}

// jupyterPackages are what executes a notebook, pinned: the last versions that
// a Python 3.9 takes, which Spark takes too, or the newest.
func jupyterPackages(python pyenv.Version) []string {
	if python == jupyterPythons.Oldest {
		return []string{"nbconvert==7.16.6", "nbclient==0.10.2", "jupyter-client==8.6.3", "jupyter-core==5.8.1"}
	}
	return []string{"nbconvert==7.17.2", "nbclient==0.11.0", "jupyter-client==8.10.0", "jupyter-core==5.9.1"}
}

// setUpJupyter makes sure of an environment with nbconvert in dir and returns
// its Python. The file "ready" is written last: without it there is nothing.
func setUpJupyter(ctx context.Context, dir string, env []string, t *terminal) (python string, err error) {
	const name = "Installing nbconvert, which runs notebooks"
	ready := filepath.Join(dir, "ready")
	if made, err := os.ReadFile(ready); err == nil {
		path, packages, _ := strings.Cut(string(made), "\n")
		_, gone := os.Stat(path) //nolint:gosec // the file is this program's own
		for _, version := range []pyenv.Version{jupyterPythons.Newest, jupyterPythons.Oldest} {
			if gone == nil && packages == strings.Join(jupyterPackages(version), " ") {
				return path, nil
			}
		}
	}
	started := time.Now()
	t.step(name, 0, false)
	if err := os.RemoveAll(dir); err != nil {
		return "", pyenv.FolderError(dir, err)
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(dir) // What matters is err.
		}
	}()
	base, err := pyenv.Find(ctx, env, jupyterPythons, "nbconvert")
	if err != nil {
		return "", err
	}
	made, err := pyenv.Make(ctx, base, dir, env, "nbconvert")
	if err != nil {
		return "", err
	}
	packages := jupyterPackages(base.Version)
	if err := made.Install(ctx, packages...); err != nil {
		return "", err
	}
	if err := os.WriteFile(ready, []byte(made.Python+"\n"+strings.Join(packages, " ")), 0o600); err != nil {
		return "", pyenv.FolderError(dir, err)
	}
	t.step(name, time.Since(started), true)
	return made.Python, nil
}
