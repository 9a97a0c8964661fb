// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
)

// process is a driver process and the ends of its pipes.
type process struct {
	cmd      *exec.Cmd
	requests io.WriteCloser
	answers  io.ReadCloser
	logged   chan struct{} // closed when the log has ended
	exited   chan struct{} // closed when the process has ended
	err      error         // of its end, once exited is closed
}

// startProcess starts program in a process group of its own, so that Ctrl-C in
// a terminal does not reach it and all that it starts can be ended together.
// Lines of its stderr go to log.
func startProcess(program string, args, env []string, log func(string)) (*process, error) {
	cmd := exec.Command(program, args...)
	cmd.Env = env
	ownGroup(cmd)
	theirIn, ourIn, errIn := os.Pipe()
	ourOut, theirOut, errOut := os.Pipe()
	ourErr, theirErr, errErr := os.Pipe()
	err := errors.Join(errIn, errOut, errErr)
	if err == nil {
		cmd.Stdin, cmd.Stdout, cmd.Stderr = theirIn, theirOut, theirErr
		err = cmd.Start()
	}
	closeAll(theirIn, theirOut, theirErr)
	if err != nil {
		closeAll(ourIn, ourOut, ourErr)
		return nil, err
	}
	p := &process{cmd: cmd, requests: ourIn, answers: ourOut, logged: make(chan struct{}), exited: make(chan struct{})}
	go func() {
		defer close(p.logged)
		defer ourErr.Close()
		readLog(ourErr, log)
	}()
	go func() {
		defer close(p.exited)
		p.err = cmd.Wait()
		killGroup(cmd) // what it left behind: the JVM, children of cells
	}()
	return p, nil
}

// kill ends the process and its group.
func (p *process) kill() {
	killGroup(p.cmd)
	_ = p.cmd.Process.Kill() // It may have ended.
}

// maxLogLine bounds a line of the log.
const maxLogLine = 16 << 10

// readLog hands on the lines of r. A line beyond maxLogLine comes in pieces.
func readLog(r io.Reader, log func(string)) {
	lines := bufio.NewReaderSize(r, maxLogLine)
	for {
		line, err := lines.ReadSlice('\n')
		if len(line) > 0 {
			log(strings.TrimRight(strings.ToValidUTF8(string(line), "\uFFFD"), "\r\n"))
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
	}
}

func closeAll(files ...*os.File) {
	for _, f := range files {
		if f != nil {
			_ = f.Close()
		}
	}
}
