// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

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

// pythonVersion is major and minor.
type pythonVersion [2]int

func (v pythonVersion) String() string { return fmt.Sprintf("%d.%d", v[0], v[1]) }

// Spark 3.5 runs on these.
var (
	oldestPython = pythonVersion{3, 9}
	newestPython = pythonVersion{3, 12}
)

// python is an interpreter that was run.
type python struct {
	path    string
	version pythonVersion
	venv    bool // whether it can make environments with pip in them
}

// probeTimeout bounds a look at a program: a shim may wait for something.
const probeTimeout = 20 * time.Second

// findPython returns the newest fitting Python on PATH. Each candidate is
// run: names tell nothing of version managers' shims, nor of a Debian Python
// without its venv package.
func findPython(ctx context.Context, env []string) (python, error) {
	var unfit []python
	for _, candidate := range pythonCandidates(runtime.GOOS) {
		program, err := lookPath(candidate[0], env)
		if err != nil {
			continue
		}
		p, err := probePython(ctx, program, candidate[1:], env)
		if ctx.Err() != nil {
			return python{}, context.Cause(ctx)
		}
		if err != nil {
			continue
		}
		if p.venv && slices.Compare(p.version[:], oldestPython[:]) >= 0 && slices.Compare(p.version[:], newestPython[:]) <= 0 {
			return p, nil
		}
		unfit = append(unfit, p)
	}
	return python{}, noPython(unfit)
}

// pythonCandidates lists commands, the newest fitting versions first.
func pythonCandidates(goos string) [][]string {
	var all [][]string
	for minor := newestPython[1]; minor >= oldestPython[1]; minor-- {
		if goos == "windows" {
			all = append(all, []string{"py", fmt.Sprintf("-3.%d", minor)})
		}
		all = append(all, []string{fmt.Sprintf("python3.%d", minor)})
	}
	return append(all, []string{"python3"}, []string{"python"})
}

// pythonProbe prints what is asked of an interpreter.
const pythonProbe = `import importlib.util as u, json, sys
print(json.dumps({"path": sys.executable, "version": sys.version_info[:2], "venv": bool(u.find_spec("venv") and u.find_spec("ensurepip"))}))`

func probePython(ctx context.Context, program string, args, env []string) (python, error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, append(args, "-c", pythonProbe)...)
	cmd.Env = env
	out, err := cmd.Output()
	if err != nil {
		return python{}, fmt.Errorf("run %s: %w", program, err)
	}
	var said struct {
		Path    string
		Version pythonVersion
		Venv    bool
	}
	if err := json.Unmarshal(out, &said); err != nil {
		return python{}, fmt.Errorf("run %s: %w", program, err)
	}
	if !filepath.IsAbs(said.Path) {
		return python{}, fmt.Errorf("run %s: it does not know where it is", program)
	}
	return python{path: said.Path, version: said.Version, venv: said.Venv}, nil
}

// noPython says what to install.
func noPython(unfit []python) error {
	for _, p := range unfit {
		if !p.venv && slices.Compare(p.version[:], oldestPython[:]) >= 0 && slices.Compare(p.version[:], newestPython[:]) <= 0 {
			return &SetupError{Sentence: fmt.Sprintf("Python %s at %s cannot make environments; install its venv package (Debian and Ubuntu: apt install python%s-venv)", p.version, p.path, p.version)}
		}
	}
	found := "no Python is on PATH"
	if len(unfit) > 0 {
		var versions []string
		for _, p := range unfit {
			if v := p.version.String(); !slices.Contains(versions, v) {
				versions = append(versions, v)
			}
		}
		found = "there is only Python " + strings.Join(versions, " and ")
	}
	return &SetupError{Sentence: fmt.Sprintf("%s, and Spark %s needs one from %s to %s: install Python %s with venv (for example with: uv python install %s --default)", found, SparkVersion, oldestPython, newestPython, newestPython, newestPython)}
}

// lookPath finds program on the PATH of env.
func lookPath(program string, env []string) (string, error) {
	for _, dir := range filepath.SplitList(lookup(env, "PATH")) {
		if !filepath.IsAbs(dir) {
			continue // what lies in the notebook's folder is not trusted
		}
		if found, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			return found, nil
		}
	}
	return "", exec.ErrNotFound
}

// lookup returns a variable of env, the last of its name.
func lookup(env []string, name string) string {
	for _, entry := range slices.Backward(env) {
		key, value, _ := strings.Cut(entry, "=")
		if key == name || runtime.GOOS == "windows" && strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}
