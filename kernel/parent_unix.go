// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package kernel

import "os"

// parentGone returns a function that reports whether the process that started
// this one has gone: then another one adopts it, which need not be process 1.
// pid itself may be that of a grandparent, where a script lies between.
func parentGone(pid int) func() bool {
	first := os.Getppid()
	return func() bool {
		parent := os.Getppid()
		return parent != first || parent == 1 && pid != 1
	}
}
