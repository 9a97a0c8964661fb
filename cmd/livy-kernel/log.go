// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"

	"github.com/livy-kernel/livy-kernel/internal/config"
)

// kernelLog is the log of a kernel. It begins on stderr, which Jupyter shows,
// because the ports are bound before it is known whether the profile lets the
// environment name a file.
type kernelLog struct {
	*slog.Logger
	out    *switchWriter
	wanted string // the file that LIVY_KERNEL_LOG names
	file   string // the file that is written to
}

func newKernelLog(stderr io.Writer, env config.Environment) *kernelLog {
	level, file, err := env.LogTo()
	out := &switchWriter{w: stderr}
	l := &kernelLog{slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: level})), out, file, ""}
	if err != nil {
		l.Warn("the log's level is not understood", "err", err)
	}
	return l
}

// toFile goes on in the file that LIVY_KERNEL_LOG names.
func (l *kernelLog) toFile() {
	if l.wanted == "" {
		return
	}
	f, err := openLog(l.wanted)
	if err != nil {
		l.Warn("the log goes to stderr", "err", err)
		return
	}
	l.out.to(f)
	l.file = l.wanted
}

// Close closes the file, if there is one.
func (l *kernelLog) Close() error { return l.out.Close() }

// newLog returns the log of a command, and what closes it.
func newLog(stderr io.Writer, env config.Environment) (*slog.Logger, func() error, error) {
	level, file, err := env.LogTo()
	if err != nil {
		return nil, nil, err
	}
	out := &switchWriter{w: stderr}
	if file != "" {
		f, err := openLog(file)
		if err != nil {
			return nil, nil, err
		}
		out.to(f)
	}
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: level})), out.Close, nil
}

func openLog(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log of LIVY_KERNEL_LOG: %w", err)
	}
	return f, nil
}

// switchWriter writes to one writer at first and to a file later.
type switchWriter struct {
	mu   sync.Mutex
	w    io.Writer
	file *os.File
}

func (s *switchWriter) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(p)
}

func (s *switchWriter) to(f *os.File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.w, s.file = f, f
}

func (s *switchWriter) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		return nil
	}
	s.w = io.Discard
	return s.file.Close()
}
