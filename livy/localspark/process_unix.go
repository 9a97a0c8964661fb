// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package localspark

import (
	"os"
	"os/exec"
	"syscall"
)

// passChannel hands the driver its ends of the channel as files that it
// inherits, and tells it their numbers.
func passChannel(cmd *exec.Cmd, requests, answers *os.File) {
	cmd.ExtraFiles = []*os.File{requests, answers} // 3 and 4
	cmd.Args = append(cmd.Args, "3", "4")
}

func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func killGroup(cmd *exec.Cmd) {
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // Nothing may be left of it.
}
