// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package localspark

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/livy/localspark/pyenv"
)

// standIn makes an environment whose python plays what the set-up asks for: it
// tells its version, makes an environment of itself and "installs" packages,
// where pip is the shell code of that. Its java is a working Java 17.
func standIn(t *testing.T, pip, java string) (env []string, log string) {
	t.Helper()
	dir := t.TempDir()
	log = filepath.Join(dir, "log")
	python := filepath.Join(dir, "bin", "python3")
	script := `#!/bin/sh
echo "$@" >> ` + log + `
case "$*" in
*importlib.util\ as\ u*) echo '{"path": "` + python + `", "version": [3, 11], "venv": true}' ;;
"-m venv "*) /bin/mkdir -p "$3/bin" && /bin/cp ` + python + ` "$3/bin/python" ;;
"-m pip install"*) ` + pip + ` ;;
*find_spec*) /bin/mkdir -p "$(/usr/bin/dirname "$0")/../lib/$3" && echo "$(/usr/bin/dirname "$0")/../lib/$3" ;;
esac
`
	for name, content := range map[string]string{"bin/python3": script, "jdk/bin/java": "#!/bin/sh\n" + java} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return []string{"PATH=" + filepath.Join(dir, "bin"), "JAVA_HOME=" + filepath.Join(dir, "jdk")}, log
}

func TestSetup(t *testing.T) {
	env, _ := standIn(t, "true", java17)
	dir := filepath.Join(t.TempDir(), "spark")
	var steps []string
	opts := SetupOptions{Env: env, Progress: func(s Step) {
		if s.Done {
			steps = append(steps, s.Name)
		}
	}}
	if _, err := Find(dir); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("before: %v", err)
	}
	made, err := Setup(t.Context(), dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Looking for Python and Java", "Creating an environment of Python 3.11", "Installing Spark 3.5.7 (a download of about 320 MB)"}
	if diff := cmp.Diff(want, steps); diff != "" {
		t.Error(diff)
	}
	if found, err := Find(dir); err != nil || found != made || found.JavaVersion != "17" {
		t.Errorf("found %+v, %v", found, err)
	}
	if _, err := Setup(t.Context(), dir, opts); err != nil || len(steps) != 3 {
		t.Errorf("the second time: %v, %v", err, steps)
	}
	for name, damage := range map[string]func() error{
		"manifest": func() error { return os.WriteFile(filepath.Join(dir, manifestName), []byte("{"), 0o600) },
		"python":   func() error { return os.Remove(made.Python) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		if _, err := Find(dir); !errors.Is(err, ErrNotInstalled) {
			t.Errorf("%s damaged: %v", name, err)
		}
		if _, err := Setup(t.Context(), dir, opts); err != nil {
			t.Errorf("%s repaired: %v", name, err)
		}
	}
}

func TestSetupByTwoAtOnce(t *testing.T) {
	env, log := standIn(t, "true", java17)
	dir := filepath.Join(t.TempDir(), "spark")
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if _, err := Setup(t.Context(), dir, SetupOptions{Env: env}); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	said, err := os.ReadFile(log)
	if err != nil || strings.Count(string(said), "-m pip install") != 1 {
		t.Errorf("%v\n%s", err, said)
	}
}

func TestSetupFailures(t *testing.T) {
	for _, c := range []struct {
		name, pip, sentence string
		prepare             func(dir string) error
	}{
		{"no network", "echo 'Temporary failure in name resolution'; exit 1", "the Python package index cannot be reached", nil},
		{"disk full", "echo '[Errno 28] No space left on device'; exit 1", "is full", nil},
		{"a file in the way", "true", "cannot be written", func(dir string) error { return os.WriteFile(dir, nil, 0o600) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			env, _ := standIn(t, c.pip, java17)
			dir := filepath.Join(t.TempDir(), "spark")
			if c.prepare != nil {
				if err := c.prepare(dir); err != nil {
					t.Fatal(err)
				}
			}
			_, err := Setup(t.Context(), dir, SetupOptions{Env: env})
			if said := new(pyenv.Error); !errors.As(err, &said) || !strings.Contains(said.Sentence, c.sentence) {
				t.Errorf("error is %v", err)
			}
			if _, err := os.Stat(filepath.Join(dir, "venv")); err == nil {
				t.Error("a half-made environment is left")
			}
			if _, err := Find(dir); !errors.Is(err, ErrNotInstalled) {
				t.Errorf("found: %v", err)
			}
		})
	}
}

func TestSetupStopsWithItsContext(t *testing.T) {
	env, _ := standIn(t, "exec /bin/sleep 600", java17)
	dir := filepath.Join(t.TempDir(), "spark")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := Setup(ctx, dir, SetupOptions{Env: env, Progress: func(s Step) {
		if strings.HasPrefix(s.Name, "Installing") {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "venv")); err == nil {
		t.Error("a half-made environment is left")
	}
}
