// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
)

// SetupError says in one sentence what kept Spark from being set up and what
// to do about it.
type SetupError struct {
	Sentence string
	Err      error // what was behind it; may be nil
}

func (e *SetupError) Error() string { return e.Sentence }
func (e *SetupError) Unwrap() error { return e.Err }

// folderError words an error of the folder that is set up in.
func folderError(dir string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return &SetupError{fmt.Sprintf("the disk with %s is full; Spark needs about 800 MB there", dir), err}
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		return &SetupError{fmt.Sprintf("the folder %s cannot be written; make it writable, or name another one in spark.dir of the profile", dir), err}
	}
	return &SetupError{fmt.Sprintf("the folder %s cannot be used: %v", dir, err), err}
}

// pipError words a failure of pip by what it printed.
func pipError(dir, printed string, err error) error {
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
		return folderError(dir, syscall.ENOSPC)
	case has("Permission denied", "Errno 13", "Read-only file system"):
		return folderError(dir, fs.ErrPermission)
	case has("CERTIFICATE_VERIFY_FAILED"):
		return &SetupError{"pip does not trust the certificate of the package index; give it your proxy's certificate with PIP_CERT", err}
	case has("ProxyError", "Tunnel connection failed", "407 "):
		return &SetupError{"the proxy refuses pip's connection to the package index; check HTTPS_PROXY", err}
	case has("NewConnectionError", "Temporary failure in name resolution", "Name or service not known", "getaddrinfo failed",
		"ConnectTimeoutError", "ReadTimeoutError", "Connection refused", "Network is unreachable", "Max retries exceeded", "nodename nor servname"):
		return &SetupError{"the Python package index cannot be reached; Spark is installed from it once, so connect to the network, or name your mirror with PIP_INDEX_URL, and try again", err}
	case has("No matching distribution found", "Could not find a version"):
		return &SetupError{"the Python package index does not have what Spark needs: " + lastError(printed), err}
	}
	return &SetupError{"pip could not install Spark: " + lastError(printed), err}
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
