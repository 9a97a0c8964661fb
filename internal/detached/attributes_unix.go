// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package detached

import "syscall"

// Attributes have a process run in a session of its own: what ends the
// kernel's process group does not end it.
func Attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
