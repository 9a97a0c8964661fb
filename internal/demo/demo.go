// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package demo runs the quickstart notebook headless, as a pipeline would, and
// tells in the terminal how it goes.
package demo

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/livy-kernel/livy-kernel/examples"
	"github.com/livy-kernel/livy-kernel/livy/localspark"
)

// kernelName is the kernel that the quickstart runs on.
const kernelName = "livy-local-pyspark"

// Options tells Run about its surroundings.
type Options struct {
	// CacheDir is where Spark (below spark) and Jupyter (below jupyter) are set
	// up, to stay there.
	CacheDir string
	// OutputDir is where the executed notebook is written.
	OutputDir string
	// Env is the environment of the programs that are run, in the form of
	// os.Environ.
	Env []string
	// Out is the terminal.
	Out io.Writer
	// InstallKernel writes the kernelspecs of the embedded default, whose Spark
	// is in sparkDir, into the Jupyter data folder dataDir.
	InstallKernel func(ctx context.Context, dataDir, sparkDir string) error
	// InstallCommand is what the user types to have the kernel, with this Spark,
	// in a Jupyter of their own.
	InstallCommand string
}

// Run sets up what is missing, executes the quickstart and shows its results.
// An error is one sentence for the user.
func Run(ctx context.Context, o Options) error {
	started := time.Now()
	sparkDir := filepath.Join(o.CacheDir, "spark")
	t := &terminal{out: o.Out}
	env, err := withTaxi(o.Env)
	if err != nil {
		return err
	}
	t.head("Setting up")
	if _, err := localspark.Setup(ctx, sparkDir, localspark.SetupOptions{Env: env, Progress: func(s localspark.Step) {
		t.step(s.Name, s.Elapsed, s.Done)
	}}); err != nil {
		return err
	}
	python, err := setUpJupyter(ctx, filepath.Join(o.CacheDir, "jupyter"), env, t)
	if err != nil {
		return err
	}
	dataDir := filepath.Join(o.CacheDir, "demo-kernels")
	if err := o.InstallKernel(ctx, dataDir, sparkDir); err != nil {
		return err
	}
	t.line("ready after %s, kept in %s", seconds(time.Since(started)), o.CacheDir)

	t.head("Running the quickstart")
	if err := os.MkdirAll(o.OutputDir, 0o755); err != nil { //nolint:gosec // a folder of the user's own
		return fmt.Errorf("the folder for the executed notebook cannot be made: %w", err)
	}
	executed := filepath.Join(o.OutputDir, "quickstart.ipynb")
	run := nbconvert{python: python, env: env, dataDir: dataDir, executed: executed}
	if err := run.execute(ctx, examples.Quickstart, t); err != nil {
		return err
	}
	t.head("Done in " + seconds(time.Since(started)))
	t.line("The executed notebook: %s", executed)
	t.line("To open it, install the kernel into your Jupyter: %s", o.InstallCommand)
	t.line("   JupyterLab: jupyter lab %s", executed)
	t.line("   VS Code:    code %s, then Select Kernel > Jupyter Kernel... > PySpark (local)", executed)
	return nil
}
