// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernelspec

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// UserDir returns the Jupyter data folder of a user on the system goos, as
// Jupyter and VS Code look for it. lookup returns variables of the environment,
// home is the user's folder.
func UserDir(goos, home string, lookup func(string) string) string {
	if dir := lookup("JUPYTER_DATA_DIR"); dir != "" {
		return dir
	}
	switch goos {
	case "windows":
		if dir := lookup("APPDATA"); dir != "" {
			return dir + `\jupyter`
		}
		return home + `\AppData\Roaming\jupyter`
	case "darwin":
		return path.Join(home, "Library", "Jupyter")
	}
	if dir := lookup("XDG_DATA_HOME"); dir != "" {
		return path.Join(dir, "jupyter")
	}
	return path.Join(home, ".local", "share", "jupyter")
}

// PrefixDir returns the Jupyter data folder below a prefix such as /usr/local.
func PrefixDir(prefix string) string { return filepath.Join(prefix, "share", "jupyter") }

// ErrNoPython tells that there is no Python to ask for its prefix.
var ErrNoPython = errors.New("there is no python on the PATH whose environment could be installed to")

// SysPrefix returns the prefix of the Python environment that is active: that
// of the python on the PATH. environ is the environment it runs in.
func SysPrefix(ctx context.Context, environ []string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	for _, name := range []string{"python", "python3"} {
		python, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		// -I: the folder we are in must not provide modules.
		cmd := exec.CommandContext(ctx, python, "-I", "-c", "import sys; print(sys.prefix)")
		cmd.Env = environ
		out, err := cmd.Output()
		if err != nil {
			return "", fmt.Errorf("ask %s for its prefix: %w", python, err)
		}
		prefix := strings.TrimSpace(string(out))
		if !filepath.IsAbs(prefix) {
			return "", fmt.Errorf("ask %s for its prefix: the answer %.60q is no path", python, prefix)
		}
		return prefix, nil
	}
	return "", ErrNoPython
}
