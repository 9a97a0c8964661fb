// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"syscall"

	"github.com/livy-kernel/livy-kernel/livy/localspark/pyenv"
)

// Exit codes.
const (
	exitOK          = 0
	exitFailure     = 1
	exitUsage       = 2
	exitInterrupted = 130 // as shells say it
)

// hinted is an error with what to do about it.
type hinted struct {
	err  error
	hint string
}

func (e *hinted) Error() string { return e.err.Error() }
func (e *hinted) Unwrap() error { return e.err }

// hint adds what to do to an error.
func hint(err error, format string, values ...any) error {
	return &hinted{err, fmt.Sprintf(format, values...)}
}

// usageError is a command line that makes no sense.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usage(format string, values ...any) error {
	return &usageError{fmt.Errorf(format, values...)}
}

// report prints a command's error and returns the exit code.
func report(stderr io.Writer, err error) int {
	var wrong *usageError
	var withHint *hinted
	code := exitFailure
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "livy-kernel: interrupted")
		return exitInterrupted
	case errors.As(err, &wrong):
		code = exitUsage
	}
	fmt.Fprintf(stderr, "livy-kernel: %s\n", strings.TrimSpace(err.Error()))
	switch said := new(pyenv.Error); {
	case errors.As(err, &withHint):
		fmt.Fprintf(stderr, "hint: %s\n", withHint.hint)
	case errors.As(err, &said): // it says by itself what to do
	case systemHint(err) != "":
		fmt.Fprintf(stderr, "hint: %s\n", systemHint(err))
	}
	return code
}

// systemHint is what to do about a file or folder that the system refuses; ""
// for other errors, whose text names it.
func systemHint(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "free some space there"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return "make it writable for you"
	case errors.Is(err, syscall.ENOTDIR):
		return "move away the file that lies where a folder is to be"
	}
	return ""
}

// shellWord quotes a word of a command that the user may copy.
func shellWord(word string) string {
	if strings.ContainsFunc(word, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+=", r)
	}) {
		return fmt.Sprintf("'%s'", strings.ReplaceAll(word, "'", `'\''`))
	}
	return word
}
