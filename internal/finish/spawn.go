// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package finish

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"

	"github.com/livy-kernel/livy-kernel/internal/detached"
)

// Command is the hidden command of this program that finishes a session.
const Command = "finish-session"

// Spawn starts executable, which is this program, to do the job, and does not
// wait for it. The process is in a group of its own: what ends the kernel's
// does not end it.
func Spawn(executable string, j Job) error {
	data, err := json.Marshal(j)
	if err != nil {
		return err
	}
	cmd := exec.Command(executable, Command) //nolint:noctx // it outlives every context
	cmd.Env = []string{}                     // it needs none, and credentials stand there
	cmd.SysProcAttr = detached.Attributes()
	in, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("finish the session: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("finish the session: %w", err)
	}
	_, err = in.Write(data)
	if err = errors.Join(err, in.Close(), cmd.Process.Release()); err != nil {
		return fmt.Errorf("finish the session: %w", err)
	}
	return nil
}
