// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/rand"
	"errors"
	"os"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/internal/connect"
	"github.com/livy-kernel/livy-kernel/internal/detached"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// serveDetached is the server that kernels start to have sessions outlive
// them. Standard input names its place; what keeps it from starting goes to
// standard output, which the kernel reads up to the first line.
func (a *app) serveDetached(ctx context.Context) (err error) {
	said := false
	say := func(line string) {
		if !said {
			a.say("%s", line)
		}
		said = true
	}
	defer func() {
		if err != nil {
			say(err.Error())
		}
	}()
	place, err := detached.ReadPlace(a.stdin)
	if err != nil {
		return err
	}
	log, closeLog, err := newLog(a.stderr, a.env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLog()) }()
	listener, err := listen(ctx, 0)
	if err != nil {
		return err
	}
	defer listener.Close()
	profile := config.Profile{Name: localName, Endpoint: config.EndpointLocal}
	profile.Spark.Dir = place.SparkDir
	embedded, err := a.embedded(ctx, connect.Options{
		Profile: profile, Env: a.env, Passwords: a.passwords, Version: buildVersion().version, Logger: log,
	}, func(string) {})
	if err != nil {
		return err
	}
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), serveCloseTime)
		defer cancel()
		err = errors.Join(err, embedded.Close(ending))
	}()
	token := rand.Text()
	idle := new(detached.Idle)
	handler := server.Guard(idle.Watch(embedded), token)
	remove, err := place.Publish(detached.Server{URL: "http://" + listener.Addr().String(), Token: token, PID: os.Getpid()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		idle.Wait(ctx, embedded.Load)
		stop()
	}()
	say(detached.Ready)
	return serveUntil(ctx, listener, handler, log)
}
