// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernelspec

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrUnsafe refuses a folder through which somebody else could change what is
// installed.
var ErrUnsafe = errors.New("unsafe folder")

// checkFolders looks at the given folders, of which each lies in the one
// before it: those that exist must be real folders of this user. Where the
// first does not exist yet, the folder that it will be made in must be the
// user's too.
func checkFolders(folders ...string) error {
	for _, folder := range folders {
		info, err := os.Lstat(folder)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return fmt.Errorf("%w: %s is a link; remove the link, or install to another place with --prefix", ErrUnsafe, folder)
		}
		if !info.IsDir() {
			return fmt.Errorf("%w: %s is not a folder; move it away, or install to another place with --prefix", ErrUnsafe, folder)
		}
		if err := checkOwner(folder, info); err != nil {
			return err
		}
	}
	parent, info, err := existing(folders[0])
	if err != nil {
		return err
	}
	return checkOwner(parent, info)
}

// existing returns the deepest folder on the way to folder that exists.
func existing(folder string) (string, fs.FileInfo, error) {
	for {
		info, err := os.Stat(folder)
		if err == nil || !errors.Is(err, fs.ErrNotExist) || folder == filepath.Dir(folder) {
			return folder, info, err
		}
		folder = filepath.Dir(folder)
	}
}
