// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"

	"github.com/livy-kernel/livy-kernel/kernel/zmtp"
)

// sockets are the five channels.
type sockets struct {
	shell, control, stdin *zmtp.Router
	iopub                 *zmtp.Publisher
	heartbeat             *zmtp.Heartbeat
}

// listen binds all channels or none.
func (s *sockets) listen(ctx context.Context, info ConnectionInfo, welcome func([]byte) [][]byte, log *slog.Logger) (err error) {
	defer func() {
		if err != nil {
			s.close(ctx)
		}
	}()
	on := func(channel string) zmtp.Option { return zmtp.WithLogger(log.With("channel", channel)) }
	if s.heartbeat, err = zmtp.ListenHeartbeat(ctx, info.Address(info.HBPort), on("heartbeat")); err != nil {
		return fmt.Errorf("heartbeat: %w", err)
	}
	if s.iopub, err = zmtp.ListenPublisher(ctx, info.Address(info.IOPubPort), welcome, on("iopub")); err != nil {
		return fmt.Errorf("iopub: %w", err)
	}
	for _, r := range []struct {
		channel string
		router  **zmtp.Router
		port    int
	}{{"stdin", &s.stdin, info.StdinPort}, {"control", &s.control, info.ControlPort}, {"shell", &s.shell, info.ShellPort}} {
		if *r.router, err = zmtp.ListenRouter(ctx, info.Address(r.port), on(r.channel)); err != nil {
			return fmt.Errorf("%s: %w", r.channel, err)
		}
	}
	return nil
}

// bound is info with the ports that the system chose.
func (s *sockets) bound(info ConnectionInfo) ConnectionInfo {
	if info.Transport != "tcp" {
		return info
	}
	port := func(addr string) int {
		_, p, err := net.SplitHostPort(strings.TrimPrefix(addr, "tcp://"))
		if err != nil {
			return 0
		}
		n, _ := strconv.Atoi(p) // a bound port is a number
		return n
	}
	info.ShellPort, info.ControlPort, info.StdinPort = port(s.shell.Addr()), port(s.control.Addr()), port(s.stdin.Addr())
	info.IOPubPort, info.HBPort = port(s.iopub.Addr()), port(s.heartbeat.Addr())
	return info
}

// close sends what is queued and closes all channels, together within the
// time that ctx leaves.
func (s *sockets) close(ctx context.Context) {
	var closers []func(context.Context) error
	for _, r := range []*zmtp.Router{s.shell, s.control, s.stdin} {
		if r != nil {
			closers = append(closers, r.Close)
		}
	}
	if s.iopub != nil {
		closers = append(closers, s.iopub.Close)
	}
	if s.heartbeat != nil {
		closers = append(closers, s.heartbeat.Close)
	}
	done := make(chan struct{})
	for _, c := range closers {
		go func() {
			_ = c(ctx) // the process ends: nothing can be done
			done <- struct{}{}
		}()
	}
	for range closers {
		<-done
	}
}
