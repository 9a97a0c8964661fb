// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package pyenv

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Version is major and minor.
type Version [2]int

func (v Version) String() string { return fmt.Sprintf("%d.%d", v[0], v[1]) }

// Range is the Pythons that something runs on, both ends included.
type Range struct{ Oldest, Newest Version }

func (r Range) has(v Version) bool {
	return slices.Compare(v[:], r.Oldest[:]) >= 0 && slices.Compare(v[:], r.Newest[:]) <= 0
}

// Python is an interpreter that was run.
type Python struct {
	Path    string // absolute
	Version Version
	venv    bool // whether it can make environments with pip in them
}

// probeTimeout bounds a look at a program: a shim may wait for something.
const probeTimeout = 20 * time.Second

// Find returns the newest Python of fit on the PATH of env. Each candidate is
// run: names tell nothing of version managers' shims, nor of a Debian Python
// without its venv package. purpose stands in the *Error that says what to
// install, "Spark 3.5.7".
func Find(ctx context.Context, env []string, fit Range, purpose string) (Python, error) {
	var unfit []Python
	for _, candidate := range candidates(runtime.GOOS, fit) {
		program, err := LookPath(candidate[0], env)
		if err != nil {
			continue
		}
		p, err := probe(ctx, program, candidate[1:], env)
		if ctx.Err() != nil {
			return Python{}, context.Cause(ctx)
		}
		if err != nil {
			continue
		}
		if p.venv && fit.has(p.Version) {
			return p, nil
		}
		unfit = append(unfit, p)
	}
	return Python{}, noPython(unfit, fit, purpose)
}

// candidates lists commands, the newest fitting versions first.
func candidates(goos string, fit Range) [][]string {
	var all [][]string
	for minor := fit.Newest[1]; minor >= fit.Oldest[1]; minor-- {
		if goos == "windows" {
			all = append(all, []string{"py", fmt.Sprintf("-3.%d", minor)})
		}
		all = append(all, []string{fmt.Sprintf("python3.%d", minor)})
	}
	return append(all, []string{"python3"}, []string{"python"})
}

// question prints what is asked of an interpreter.
const question = `import importlib.util as u, json, sys
print(json.dumps({"path": sys.executable, "version": sys.version_info[:2], "venv": bool(u.find_spec("venv") and u.find_spec("ensurepip"))}))`

func probe(ctx context.Context, program string, args, env []string) (Python, error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, append(args, "-c", question)...)
	cmd.Env = env
	out, err := cmd.Output()
	if err != nil {
		return Python{}, fmt.Errorf("run %s: %w", program, err)
	}
	var said struct {
		Path    string
		Version Version
		Venv    bool
	}
	if err := json.Unmarshal(out, &said); err != nil {
		return Python{}, fmt.Errorf("run %s: %w", program, err)
	}
	if !filepath.IsAbs(said.Path) {
		return Python{}, fmt.Errorf("run %s: it does not know where it is", program)
	}
	return Python{Path: said.Path, Version: said.Version, venv: said.Venv}, nil
}

// noPython says what to install.
func noPython(unfit []Python, fit Range, purpose string) error {
	for _, p := range unfit {
		if !p.venv && fit.has(p.Version) {
			return withoutVenv(p)
		}
	}
	found := "no Python is on PATH"
	if len(unfit) > 0 {
		var versions []string
		for _, p := range unfit {
			if v := p.Version.String(); !slices.Contains(versions, v) {
				versions = append(versions, v)
			}
		}
		found = "there is only Python " + strings.Join(versions, " and ")
	}
	return &Error{Sentence: fmt.Sprintf("%s, and %s needs one from %s to %s: install Python %s with venv (for example with: uv python install %[5]s)",
		found, purpose, fit.Oldest, fit.Newest, fit.Newest)}
}

func withoutVenv(p Python) error {
	return &Error{Sentence: fmt.Sprintf("Python %s at %s cannot make environments; install its venv package (Debian and Ubuntu: apt install python%[1]s-venv)", p.Version, p.Path)}
}

// LookPath finds program on the PATH of env. Folders that are not absolute are
// passed over: what lies in a notebook's folder is not run.
func LookPath(program string, env []string) (string, error) {
	for _, dir := range filepath.SplitList(Lookup(env, "PATH")) {
		if !filepath.IsAbs(dir) {
			continue
		}
		if found, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			return found, nil
		}
	}
	return "", exec.ErrNotFound
}

// Lookup returns a variable of env, the last of its name.
func Lookup(env []string, name string) string {
	for _, entry := range slices.Backward(env) {
		key, value, _ := strings.Cut(entry, "=")
		if key == name || runtime.GOOS == "windows" && strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}
