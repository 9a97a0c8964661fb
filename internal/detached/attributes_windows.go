// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package detached

import "syscall"

// detachedProcess has the process run without the kernel's console.
const detachedProcess = 0x00000008

// Attributes have a process run in a group of its own, without the console:
// what ends the kernel's process group does not end it.
func Attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: detachedProcess | syscall.CREATE_NEW_PROCESS_GROUP}
}
