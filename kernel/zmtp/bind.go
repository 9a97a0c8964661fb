// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// listen binds a. A taken address is tried again for bindTime, or until ctx
// ends: the kernel that had it before may be just leaving. An ipc file that
// nobody listens on any more (its kernel was killed) is replaced.
func listen(ctx context.Context, a address) (net.Listener, error) {
	deadline := time.NewTimer(bindTime)
	defer deadline.Stop()
	again := time.NewTicker(retryPause)
	defer again.Stop()
	for {
		l, err := listenOnce(ctx, a)
		switch {
		case err == nil:
			return l, nil
		case !errors.Is(err, errAddrInUse):
			return nil, fmt.Errorf("zmtp: listen on %s: %w", a, err)
		}
		select {
		case <-again.C:
		case <-deadline.C:
			return nil, takenError(a, err)
		case <-ctx.Done():
			return nil, takenError(a, errors.Join(err, context.Cause(ctx)))
		}
	}
}

func takenError(a address, err error) error {
	if a.network == "unix" {
		return fmt.Errorf("zmtp: listen on %s: another program listens on this file: %w", a, err)
	}
	return fmt.Errorf("zmtp: listen on %s: port %s is in use by another program: %w", a, a.port, err)
}

func listenOnce(ctx context.Context, a address) (net.Listener, error) {
	if a.network == "unix" {
		if err := removeStale(ctx, a.target); err != nil {
			return nil, err
		}
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, a.network, a.target)
	if err != nil {
		return nil, err
	}
	if a.network == "unix" {
		if err := os.Chmod(a.target, 0o600); err != nil {
			_ = l.Close()
			return nil, err
		}
	}
	return l, nil
}

// removeStale removes the socket file that a killed process left behind. A
// socket that somebody listens on stays, and so does any other kind of file.
func removeStale(ctx context.Context, path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode()&os.ModeSocket == 0 {
		return fmt.Errorf("%s exists and is not a socket: remove it or use another path", path)
	}
	dialer := net.Dialer{Timeout: probeTime}
	probe, err := dialer.DialContext(ctx, "unix", path)
	if err == nil {
		_ = probe.Close()
		return nil
	}
	if !errors.Is(err, errConnRefused) {
		return nil // somebody may be there: binding will tell
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
