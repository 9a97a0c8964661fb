// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import "syscall"

// The codes of Winsock; the syscall package has names of its own invention for
// them, which no call returns.
const (
	errAddrInUse   = syscall.Errno(10048) // WSAEADDRINUSE
	errConnRefused = syscall.Errno(10061) // WSAECONNREFUSED
)
