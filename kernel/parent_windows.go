// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build windows

package kernel

import "syscall"

// parentGone returns a function that reports whether the process that handle
// stands for has ended. Jupyter hands an inheritable handle over.
func parentGone(handle int) func() bool {
	return func() bool {
		event, err := syscall.WaitForSingleObject(syscall.Handle(handle), 0)
		return err == nil && event == syscall.WAIT_OBJECT_0
	}
}
