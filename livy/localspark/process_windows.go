// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"os"
	"os/exec"
	"syscall"
)

// passChannel hands the driver its ends of the channel as stdin and stdout,
// the only files that a process passes on here. The driver hides them from
// what it starts.
func passChannel(cmd *exec.Cmd, requests, answers *os.File) {
	cmd.Stdin, cmd.Stdout = requests, answers
	cmd.Args = append(cmd.Args, "0", "1")
}

func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP, HideWindow: true}
}

// killGroup has nothing to do: a JVM below a driver that has ended sees the
// end of its stdin and ends itself.
func killGroup(*exec.Cmd) {}
