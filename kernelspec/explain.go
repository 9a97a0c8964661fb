// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernelspec

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// explain names the operation, and words the failures that users meet by the
// folder that they know: what fails may be a temporary file in it.
func explain(op, dataDir string, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("%s: the disk with %s is full: %w", op, dataDir, syscall.ENOSPC)
	case errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("%s: %s is not a folder: %w", op, obstacle(dataDir), syscall.ENOTDIR)
	case !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EROFS):
	case errors.As(err, &path):
		return fmt.Errorf("%s: you may not write to %s: %w", op, filepath.Dir(path.Path), path.Err)
	case errors.As(err, &link):
		return fmt.Errorf("%s: you may not write to %s: %w", op, filepath.Dir(link.New), link.Err)
	}
	return fmt.Errorf("%s: %w", op, err)
}

// obstacle is the first part of the way to dir that is not a folder.
func obstacle(dir string) string {
	for at := dir; at != filepath.Dir(at); at = filepath.Dir(at) {
		if info, err := os.Stat(at); err == nil && !info.IsDir() {
			return at
		}
	}
	return dir
}
