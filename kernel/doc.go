// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package kernel is the Jupyter side of a kernel: it listens on the five
// channels of the messaging protocol and has a [Backend] run the code. It
// knows nothing of what the code runs on, nor of its language.
//
// # Writing a kernel
//
// A kernel is a [Backend] and five lines: read the connection file that Jupyter
// hands over with [ReadConnectionFile], bind its ports with [Listen], and have
// [Kernel.Serve] answer until it ends. examples/echo-kernel is a whole one. A
// cell that fails returns a [*CellError]; what it shows goes to its [Sink]. A
// backend that keeps the variables of its language may be an [Evaluator] too.
// Package kerneltest is a client for its tests, package kernelspec installs the
// kernels of livy-kernel alone.
//
// History, comms (there are none), the heartbeat, signatures and the order of
// all messages are the kernel's own; a backend only runs code.
//
// # What happens where
//
//   - One goroutine per ROUTER channel, shell and control, reads, checks
//     signatures and parses. Control requests are answered right there, so they
//     are answered while a cell runs. Shell requests are queued; only
//     interrupt_request and shutdown_request overtake the others.
//   - One goroutine, the executor, owns the execution count and the current
//     cell and serves the queue in its order.
//   - iopub has one order for all subscribers. Each message names its own
//     parent, so control requests beside a cell do not mix into it.
//
// # The order of messages
//
// A request brings about, in this order: status busy; what it has to say on
// iopub; its reply, on the channel that it came by; status idle, last.
package kernel
