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
	"time"
)

// process is a driver process and our ends of its pipes.
type process struct {
	cmd      *exec.Cmd
	requests *os.File      // to it
	answers  *os.File      // from it
	logged   chan struct{} // closed when the log has ended
	exited   chan struct{} // closed when the process has ended
	err      error         // of its end, once exited is closed
}

// startProcess starts program in a process group of its own, so that Ctrl-C in
// a terminal does not reach it and all that it starts can be ended together.
// The last two of its arguments are the file descriptors of its channel. Lines
// of its stdout and stderr go to log.
func startProcess(program string, args, env []string, log func(string)) (*process, error) {
	cmd := exec.Command(program, args...)
	cmd.Env = env
	ownGroup(cmd)
	theirRequests, requests, errRequests := os.Pipe()
	answers, theirAnswers, errAnswers := os.Pipe()
	lines, theirLog, errLog := os.Pipe()
	err := errors.Join(errRequests, errAnswers, errLog)
	if err == nil {
		cmd.Stdout, cmd.Stderr = theirLog, theirLog
		passChannel(cmd, theirRequests, theirAnswers)
		err = cmd.Start()
	}
	closeAll(theirRequests, theirAnswers, theirLog)
	if err != nil {
		closeAll(requests, answers, lines)
		return nil, err
	}
	p := &process{cmd: cmd, requests: requests, answers: answers, logged: make(chan struct{}), exited: make(chan struct{})}
	go func() {
		defer close(p.logged)
		readLog(lines, log)
	}()
	go p.wait(lines)
	return p, nil
}

// logGrace is how long the log of an ended driver is waited for. A process
// that has left its group may hold it open for ever.
const logGrace = time.Second

// wait waits for the end of the process, of what it leaves behind and of its
// log.
func (p *process) wait(lines *os.File) {
	defer close(p.exited)
	p.err = p.cmd.Wait()
	killGroup(p.cmd) // the JVM, children of cells
	grace := time.NewTimer(logGrace)
	defer grace.Stop()
	select {
	case <-p.logged:
	case <-grace.C:
	}
	closeAll(p.requests, p.answers, lines)
	<-p.logged
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
			_ = f.Close() // Nothing was written through it that could be lost.
		}
	}
}
