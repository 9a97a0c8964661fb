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

// What executes a notebook, pinned.
var jupyterPackages = []string{"nbconvert==7.17.2", "nbclient==0.11.0", "jupyter-client==8.10.0", "jupyter-core==5.9.1"}

// jupyterPythons are those that these versions run on.
var jupyterPythons = pyenv.Range{Oldest: pyenv.Version{3, 10}, Newest: pyenv.Version{3, 14}}

// setUpJupyter makes sure of an environment with nbconvert in dir and returns
// its Python. The file "ready" is written last: without it there is nothing.
func setUpJupyter(ctx context.Context, dir string, env []string, t *terminal) (python string, err error) {
	const name = "Installing nbconvert, which runs notebooks"
	ready, wanted := filepath.Join(dir, "ready"), strings.Join(jupyterPackages, " ")
	if made, err := os.ReadFile(ready); err == nil {
		if path, packages, _ := strings.Cut(string(made), "\n"); packages == wanted {
			return path, nil
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
	if err := made.Install(ctx, jupyterPackages...); err != nil {
		return "", err
	}
	if err := os.WriteFile(ready, []byte(made.Python+"\n"+wanted), 0o600); err != nil {
		return "", pyenv.FolderError(dir, err)
	}
	t.step(name, time.Since(started), true)
	return made.Python, nil
}
