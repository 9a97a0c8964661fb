// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package tokencache

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// maxSize bounds what is read; a cache of MSAL is a few tens of kilobytes.
const maxSize = 4 << 20

// file is a cache on disk.
type file struct {
	path    string
	seal    sealer
	storage Storage
}

var (
	errExposed = errors.New("others could read it")
	errOdd     = errors.New("it is no plain file")
	errTooBig  = errors.New("it is too big")
)

// read returns what write kept; os.ErrNotExist where there is nothing.
func (f *file) read() ([]byte, error) {
	info, err := os.Lstat(f.path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, f.wrong(errOdd)
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return nil, f.wrong(errExposed)
	case info.Size() > maxSize:
		return nil, f.wrong(errTooBig)
	}
	opened, err := os.Open(f.path)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	data, err := io.ReadAll(io.LimitReader(opened, maxSize))
	if err != nil {
		return nil, err
	}
	if data, err = f.seal.open(data); err != nil {
		return nil, f.wrong(err)
	}
	return data, nil
}

func (f *file) wrong(err error) error { return &fs.PathError{Op: "read", Path: f.path, Err: err} }

// write replaces the file as a whole: whoever reads sees the old or the new one.
func (f *file) write(data []byte) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(f.path), ".tokens-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temp.Name()))
		}
	}()
	_, err = temp.Write(f.seal.seal(data))
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return fmt.Errorf("write tokens: %w", err)
	}
	return os.Rename(temp.Name(), f.path)
}
