// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package pyenv

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
)

// Error says in one sentence what kept something from being set up and what to
// do about it.
type Error struct {
	Sentence string
	Err      error // what was behind it; may be nil
}

func (e *Error) Error() string { return e.Sentence }
func (e *Error) Unwrap() error { return e.Err }

// FolderError words an error of the folder that is set up in.
func FolderError(dir string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return &Error{fmt.Sprintf("the disk with %s is full; free about 1 GB there", dir), err}
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		return &Error{fmt.Sprintf("the folder %s cannot be written; make it writable, or name another one", dir), err}
	}
	return &Error{fmt.Sprintf("the folder %s cannot be used: %v", dir, err), err}
}

// pipError words a failure of pip by what it printed.
func pipError(purpose, dir, printed string, err error) error {
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(printed, p) {
				return true
			}
		}
		return false
	}
	switch {
	case has("No space left on device", "Errno 28"):
		return FolderError(dir, syscall.ENOSPC)
	case has("Permission denied", "Errno 13", "Read-only file system"):
		return FolderError(dir, fs.ErrPermission)
	case has("CERTIFICATE_VERIFY_FAILED"):
		return &Error{"pip does not trust the certificate of the package index; give it your proxy's certificate with PIP_CERT", err}
	case has("ProxyError", "Tunnel connection failed", "407 "):
		return &Error{"the proxy refuses pip's connection to the package index; check HTTPS_PROXY", err}
	case has("NewConnectionError", "Temporary failure in name resolution", "Name or service not known", "getaddrinfo failed",
		"ConnectTimeoutError", "ReadTimeoutError", "Connection refused", "Network is unreachable", "Max retries exceeded", "nodename nor servname"):
		return &Error{"the Python package index cannot be reached; " + purpose + " is installed from it once, so connect to the network, or name your mirror with PIP_INDEX_URL, and try again", err}
	case has("(from versions: none)"): // all that pip says when it is not to try again
		return &Error{"the Python package index cannot be reached, or has nothing for this Python; " + purpose + " is installed from it once, so check the network and PIP_INDEX_URL, and try again", err}
	case has("No matching distribution found", "Could not find a version"):
		return &Error{"the Python package index does not have what " + purpose + " needs: " + lastError(printed), err}
	}
	return &Error{"pip could not install " + purpose + ": " + lastError(printed), err}
}

// lastError returns the last line of pip's that names an error.
func lastError(printed string) string {
	lines := strings.Split(strings.TrimSpace(printed), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if line := strings.TrimSpace(lines[i]); strings.HasPrefix(line, "ERROR:") || strings.HasPrefix(line, "error:") {
			return strings.TrimSpace(line[len("error:"):])
		}
	}
	return strings.TrimSpace(lines[len(lines)-1])
}
