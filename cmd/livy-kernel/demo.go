// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/demo"
	"github.com/livy-kernel/livy-kernel/kernelspec"
	"github.com/livy-kernel/livy-kernel/livy"
)

func (a *app) demo() *cobra.Command {
	var cacheDir, outputDir string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "run the quickstart notebook on this machine's Spark and show its results",
		Long: `Sets up Spark and what runs notebooks, unless they are there, executes the
quickstart notebook in Python, Scala and SQL, and shows the results. It installs
nothing into your Jupyter.`,
		Example: `  livy-kernel demo
  GREEN_TAXI=green_tripdata_2022-08.parquet livy-kernel demo --output results`,
		Args: arguments(0, 0),
		RunE: command(func(ctx context.Context, _ []string) error { return a.runDemo(ctx, cacheDir, outputDir) }),
	}
	cmd.Flags().StringVar(&cacheDir, "cache-dir", "", "`DIR` to set up in (default: the cache folder)")
	cmd.Flags().StringVar(&outputDir, "output", "livy-kernel-demo", "`DIR` for the executed notebook")
	return cmd
}

func (a *app) runDemo(ctx context.Context, cacheDir, outputDir string) error {
	paths, err := a.paths()
	if err != nil {
		return err
	}
	if cacheDir == "" {
		cacheDir = paths.Cache
	}
	if cacheDir, err = filepath.Abs(cacheDir); err != nil {
		return fmt.Errorf("--cache-dir: %w", err)
	}
	if outputDir, err = filepath.Abs(outputDir); err != nil {
		return fmt.Errorf("--output: %w", err)
	}
	install, err := a.installCommand(sparkDir(cacheDir), sparkDir(paths.Cache))
	if err != nil {
		return err
	}
	return demo.Run(ctx, demo.Options{
		CacheDir: cacheDir, OutputDir: outputDir, Env: a.env.Children(), Out: a.stdout,
		InstallKernel: a.installDemoKernels, InstallCommand: install,
	})
}

// installCommand is what installs the kernels of the Spark in dir, so that it
// need not be set up a second time.
func (a *app) installCommand(dir, usual string) (string, error) {
	program, err := a.binary()
	if err != nil {
		return "", err
	}
	if slices.Contains(filepath.SplitList(a.env.Lookup("PATH")), filepath.Dir(program)) {
		program = filepath.Base(program)
	}
	command := shellWord(program) + " install"
	if dir != usual {
		command += " --spark-dir " + shellWord(dir)
	}
	return command, nil
}

// installDemoKernels writes kernelspecs with a configuration file of their own,
// so that the demo does not depend on what the user has configured.
func (a *app) installDemoKernels(_ context.Context, dataDir, sparkDir string) error {
	paths := config.Paths{Config: filepath.Join(dataDir, "config.toml")}
	profile := config.Profile{Name: localName, Endpoint: config.EndpointLocal, Spark: config.Spark{Dir: sparkDir}}
	if err := config.Save(paths.Config, profile); err != nil {
		return err
	}
	specs, err := a.specs(localName, []livy.Kind{livy.KindPySpark}, "", paths)
	if err != nil {
		return err
	}
	for _, spec := range specs {
		if _, err := kernelspec.Install(dataDir, spec); err != nil {
			return err
		}
	}
	return nil
}
