// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"errors"
	"log/slog"
)

var (
	// ErrPeerGone tells that the connection has ended, so that what was to be
	// sent reaches nobody.
	ErrPeerGone = errors.New("zmtp: peer is gone")
	// ErrClosed tells that the socket was closed.
	ErrClosed = errors.New("zmtp: socket is closed")
	// ErrNoFrames refuses a message without frames, which ZMTP cannot carry.
	ErrNoFrames = errors.New("zmtp: a message needs at least one frame")
)

// Option changes how a listening socket behaves.
type Option func(*options)

type options struct{ log *slog.Logger }

// WithLogger makes the socket log to log. Connections that never became a
// ZeroMQ peer (port scans, health checks) are logged at debug level, peers that
// had to be disconnected as warnings. Without this option nothing is logged.
func WithLogger(log *slog.Logger) Option { return func(o *options) { o.log = log } }

func applyOptions(opts []Option) options {
	o := options{log: slog.New(slog.DiscardHandler)}
	for _, opt := range opts {
		opt(&o)
	}
	return o
}
