// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package detached

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
)

// Command is the command of this program that is the server, and Flag its
// hidden flag.
const (
	Command = "serve"
	Flag    = "detached"
)

// Ready is the line that the process writes once the server is told of.
const Ready = "ready"

// Spawn starts executable, which is this program, as the server of p, and
// returns when it is ready. The process outlives this one and whatever ends
// its process group; ctx bounds the start only. env is the environment of the
// sessions' drivers.
func Spawn(ctx context.Context, executable string, env []string, p Place) error {
	where, err := json.Marshal(p)
	if err != nil {
		return err
	}
	cmd := exec.Command(executable, Command, "--"+Flag) //nolint:noctx // it outlives every context
	cmd.Env, cmd.SysProcAttr = env, Attributes()
	in, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("start the detached server: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("start the detached server: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the detached server: %w", err)
	}
	defer context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })()
	_, err = in.Write(where)
	err = errors.Join(err, in.Close())
	line, readErr := bufio.NewReader(out).ReadString('\n')
	if err == nil && line == Ready+"\n" {
		// Nobody waits for it while the kernel lives; as a child that has ended
		// it would stay in the table of processes.
		go func() { _ = cmd.Wait() }()
		return nil
	}
	if err == nil && line != "" { // the process says why not
		err = errors.New(line[:len(line)-1])
	}
	if err == nil {
		err = readErr
	}
	_, _ = io.Copy(io.Discard, out)
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // it was killed, or has ended
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return fmt.Errorf("start the detached server: %w", err)
}

// ReadPlace reads what Spawn writes to the standard input of the process.
func ReadPlace(r io.Reader) (p Place, err error) {
	if err := json.NewDecoder(io.LimitReader(r, 64<<10)).Decode(&p); err != nil {
		return p, fmt.Errorf("read where the server is to be told of: %w", err)
	}
	if p.StateDir == "" || p.SparkDir == "" {
		return p, errors.New("read where the server is to be told of: a folder is missing")
	}
	return p, nil
}
