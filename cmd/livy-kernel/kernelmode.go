// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"syscall"

	"github.com/livy-kernel/livy-kernel/internal/bridge"
	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernelspec"
	"github.com/livy-kernel/livy-kernel/livy"
)

// kernelFlags are what a kernelspec's argv says.
type kernelFlags struct{ connectionFile, profile, kind, config string }

// gcPercent has a kernel collect garbage earlier than Go's default: it waits
// most of the time, and there may be hundreds of them on a machine.
const gcPercent = 40

// runKernel runs as a kernel until it is told to end. The ports are bound
// before anything else is looked at, because clients dial at once. What is
// wrong in the configuration is shown by each cell and is no reason to exit:
// Jupyter would start the kernel again and again.
func (a *app) runKernel(ctx context.Context, flags kernelFlags) error {
	debug.SetGCPercent(gcPercent)
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)

	info, err := kernel.ReadConnectionFile(flags.connectionFile)
	if err != nil {
		return hint(err, "Jupyter writes that file at each start, by its settings; start the kernel again there")
	}
	log := newKernelLog(a.stderr, a.env)
	defer log.Close()
	options := []kernel.Option{kernel.WithLogger(log.Logger), kernel.WithParentPID(a.env.ParentPID)}
	if a.env.SessionName != "" { // Jupyter Server stands between
		options = append(options, kernel.WithPacing())
	}
	k, err := kernel.Listen(ctx, info, options...)
	if err != nil {
		return hint(err, "Jupyter chooses other ports at each start; start the kernel again there")
	}
	go func() {
		for {
			select {
			case <-interrupts:
				k.Interrupt()
			case <-ctx.Done():
				return
			}
		}
	}()
	backend := a.backend(flags, info.JupyterSession, log) //nolint:contextcheck // its sessions end by Close
	defer bridge.Rehearse(ctx, log.Logger)()
	if err := k.Serve(ctx, backend); err != nil {
		log.Error("the end was not orderly", "err", err)
	}
	return nil
}

// backend returns what runs the cells.
func (a *app) backend(flags kernelFlags, session string, log *kernelLog) kernel.Backend {
	profile, kind, err := a.kernelProfile(flags, log)
	options := bridge.Options{
		Profile: profile, Kind: kind, Version: buildVersion().version, LogFile: log.file, Logger: log.Logger,
		Notebook: cmp.Or(session, a.env.SessionName),
	}
	if err != nil {
		log.Error("the configuration is wrong", "err", err)
		options.Profile.Kernel = config.Kernel{}
		options.Connect = func(context.Context, func(string)) (*livy.Client, io.Closer, error) { return nil, nil, err }
		return bridge.New(options)
	}
	line := &remote{app: a, profile: profile, log: log.Logger}
	options.Connect, options.Notices = line.connect, line.notices
	options.Sessions, options.Finish = a.records(log.Logger), line.finish
	if profile.Local() {
		options.Detach = line.detach
	}
	return bridge.New(options)
}

// kernelProfile finds out which profile and language the kernel is for. Where
// argv says it, the environment has no say.
func (a *app) kernelProfile(flags kernelFlags, log *kernelLog) (config.Profile, livy.Kind, error) {
	choose := func(flag, name, variable, otherwise string) string {
		switch {
		case flag != "" && variable != "" && variable != flag:
			log.Warn("ignored, since the kernelspec says it", "variable", name)
			return flag
		case flag != "":
			return flag
		case variable != "":
			return variable
		}
		return otherwise
	}
	profile := config.Profile{Name: choose(flags.profile, "LIVY_KERNEL_PROFILE", a.env.Profile, localName)}
	kind := livy.Kind(choose(flags.kind, "LIVY_KERNEL_KIND", a.env.Kind, string(livy.KindPySpark)))
	file := choose(flags.config, "LIVY_KERNEL_CONFIG", a.env.ConfigFile, "")
	if !slices.Contains(kernelspec.Kinds(), kind) {
		return profile, livy.KindPySpark, &config.Error{Key: "--kind", Problem: "there is no kind " + string(kind), Allowed: kindNames(kernelspec.Kinds())}
	}
	if file == "" {
		paths, err := a.paths()
		if err != nil {
			return profile, kind, err
		}
		file = paths.Config
	}
	if !filepath.IsAbs(file) { // it would be looked for in the notebook's folder
		return profile, kind, &config.Error{File: file, Problem: "the path of the configuration file is not absolute"}
	}
	c, err := config.Load(file)
	if err != nil {
		return profile, kind, err
	}
	saved, err := c.Profile(profile.Name)
	if err != nil {
		return profile, kind, err
	}
	resolved, ignored, err := a.env.Resolve(saved)
	if err != nil {
		return saved, kind, err
	}
	if saved.Endpoint == config.EndpointEnv {
		log.toFile()
	} else if ignored, err = distrust(resolved, ignored, log); err != nil {
		return resolved, kind, err
	}
	for _, name := range ignored {
		log.Warn("ignored, since the profile says it", "variable", name)
	}
	if a.env.SessionName != "" {
		log.Logger = log.With(slog.String("notebook", a.env.SessionName))
	}
	return resolved, kind, nil
}

// distrust has the environment choose neither the log's file nor the
// certificate authorities; it adds to the ignored variables.
func distrust(p config.Profile, ignored []string, log *kernelLog) ([]string, error) {
	if log.wanted != "" {
		ignored = append(ignored, "LIVY_KERNEL_LOG")
	}
	if p.Local() {
		return ignored, nil
	}
	dropped, err := config.DropTrust()
	for _, name := range dropped { // common, and harmless as a rule
		log.Info("ignored, since the profile says it", "variable", name)
	}
	return ignored, err
}
