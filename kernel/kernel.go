// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"fmt"
	"log/slog"
	"os/user"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// Kernel listens on the ports of a connection file.
type Kernel struct {
	info      ConnectionInfo
	log       *slog.Logger
	parentPID int
	pace      *pace // nil: output is sent at once

	session   *wire.Session
	sockets   sockets
	iopub     *iopub
	interrupt interruptible
}

// Option changes how a Kernel behaves.
type Option func(*Kernel)

// WithLogger makes the kernel log to log. Without it, it is silent.
func WithLogger(log *slog.Logger) Option { return func(k *Kernel) { k.log = log } }

// WithParentPID makes Serve end when the process that started the kernel has
// gone. pid is the value of JPY_PARENT_PID: a process id, on Windows a handle.
func WithParentPID(pid int) Option { return func(k *Kernel) { k.parentPID = pid } }

// Listen binds all five ports, so that clients can connect from now on; they
// are answered once Serve runs. ctx bounds the binding alone. Ports of 0 are
// chosen by the system; see Connection.
func Listen(ctx context.Context, info ConnectionInfo, opts ...Option) (*Kernel, error) {
	k := &Kernel{info: info, log: slog.New(slog.DiscardHandler)}
	for _, opt := range opts {
		opt(k)
	}
	k.session = wire.NewSession([]byte(info.Key), username())
	if info.Key == "" {
		k.log.Warn("the connection file has no key: whoever reaches the ports can run code")
	}
	if info.Shared {
		k.log.Info("other users of this machine can read the connection file")
	}
	if !info.loopback() {
		k.log.Warn("the ports can be reached from other machines", "ip", info.IP)
	}
	if err := k.sockets.listen(ctx, info, welcome(k.session), k.log); err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	k.info = k.sockets.bound(info)
	// The publisher bounds the wait itself, and what the end of a cell or of
	// the kernel has to say must go out although their contexts are over.
	always := context.WithoutCancel(ctx)
	publish := func(frames [][]byte) error { return k.sockets.iopub.Publish(always, frames) }
	k.iopub = &iopub{send: publish, session: k.session, log: k.log, pace: k.pace}
	return k, nil
}

// Connection is what clients connect with: the connection info that Listen was
// given, with the ports that are bound.
func (k *Kernel) Connection() ConnectionInfo { return k.info }

// Interrupt ends the running cell, as an interrupt_request does. It does not
// wait for the end, and it is harmless when no cell runs.
func (k *Kernel) Interrupt() { k.interrupt.interrupt() }

// username is what the headers of the kernel's messages name.
func username() string {
	u, err := user.Current()
	if err != nil {
		return "kernel"
	}
	return u.Username
}
