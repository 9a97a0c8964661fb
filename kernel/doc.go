// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package kernel is the Jupyter side of a kernel: it listens on the five
// channels of the messaging protocol and has a [Backend] run the code. It
// knows nothing of what the code runs on.
//
// What happens where:
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
// A request brings about, in this order: status busy; what it has to say on
// iopub; its reply, on the channel that it came by; status idle, last.
package kernel
