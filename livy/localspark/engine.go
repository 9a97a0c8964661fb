// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/livy-kernel/livy-kernel/livy/server"
)

// Engine starts drivers on an installation. It implements server.Engine.
type Engine struct {
	install Installation
	env     []string
	log     *slog.Logger
}

// EngineOption changes an Engine.
type EngineOption func(*Engine)

// WithEnv gives drivers the environment env, in the form of os.Environ; what
// belongs to the installation is added. The default is an empty one.
func WithEnv(env []string) EngineOption { return func(e *Engine) { e.env = env } }

// WithLogger makes the engine log to log; the default is to log nothing.
func WithLogger(log *slog.Logger) EngineOption { return func(e *Engine) { e.log = log } }

// NewEngine returns an engine that starts drivers on install.
func NewEngine(install Installation, opts ...EngineOption) *Engine {
	e := &Engine{install: install, log: slog.New(slog.DiscardHandler)}
	for _, opt := range opts {
		opt(e)
	}
	return e
}

// Start implements server.Engine. It returns when Python and SQL statements
// are taken; Scala is ready a few seconds later, and statements of it wait. An
// error is one sentence.
func (e *Engine) Start(ctx context.Context, spec server.Spec, log func(line string)) (server.Driver, error) {
	scratch, err := os.MkdirTemp("", "livy-kernel-session-")
	if err != nil {
		return nil, fmt.Errorf("make the session's scratch folder: %w", err)
	}
	d, err := e.start(ctx, spec, scratch, log)
	if err != nil {
		_ = os.RemoveAll(scratch) // The reason that matters is err.
		return nil, err
	}
	return d, nil
}

func (e *Engine) start(ctx context.Context, spec server.Spec, scratch string, log func(string)) (*driver, error) {
	program, err := writeProgram(scratch)
	if err != nil {
		return nil, err
	}
	properties, outputDir, err := writeConf(sparkConf(spec.Request, scratch), scratch)
	if err != nil {
		return nil, fmt.Errorf("write the session's Spark settings: %w", err)
	}
	why := &reasonLine{log: log}
	p, err := startProcess(e.install.Python, []string{"-u", program}, environment(e.env, e.install, scratch), why.add)
	if err != nil {
		return nil, fmt.Errorf("start the driver: %w", err)
	}
	d := newDriver(p, scratch, e.log)
	if err := d.begin(ctx, settings{
		Scratch: scratch, OutputDir: outputDir, Submit: []string{"--properties-file", properties},
	}); err != nil {
		d.kill()
		return nil, e.checkJava(ctx, why.explain(err))
	}
	return d, nil
}

// checkJava looks, when Java ended before Spark was up, whether this Java runs
// at all: one that was whole at the set-up may have been removed or replaced.
func (e *Engine) checkJava(ctx context.Context, err error) error {
	if !errors.Is(err, errJavaEnded) {
		return err
	}
	if _, broken := probeJava(ctx, e.install.JavaHome, e.env); broken != nil && ctx.Err() == nil {
		return fmt.Errorf("Java no longer works (%w); repair it, or remove %s, and the next session sets Spark up again with another one", broken, e.install.Dir) //nolint:staticcheck // a name
	}
	return err
}

// writeConf writes conf for spark-submit and returns the path of the file, and
// the folder of the REPL's classes, which it makes.
func writeConf(conf map[string]string, scratch string) (properties, outputDir string, err error) {
	properties, outputDir = filepath.Join(scratch, "spark.conf"), conf[outputDirKey]
	for _, dir := range []string{outputDir, filepath.Join(scratch, tmpDir)} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return "", "", err
		}
	}
	return properties, outputDir, os.WriteFile(properties, propertiesFile(conf), 0o600)
}
