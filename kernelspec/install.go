// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernelspec

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Install writes spec below a Jupyter data folder, such as UserDir returns, and
// reads it back. The kernelspec appears whole or not at all; an older one of
// this program is replaced, anything else is ErrForeign. Folders that are links
// or that belong to somebody else are refused, since another user could then
// choose what the kernel's start runs.
//
// It returns the kernelspec's folder.
func Install(dataDir string, spec Spec) (folder string, err error) {
	folders, err := InstallAll(dataDir, []Spec{spec})
	if err != nil {
		return "", err
	}
	return folders[0], nil
}

// InstallAll is Install for several specs: when one cannot be installed, all is
// as before.
func InstallAll(dataDir string, specs []Spec) (_ []string, err error) {
	defer func() { err = explain("install kernelspec", dataDir, err) }()
	var folders []string
	for _, spec := range specs {
		folder, err := check(dataDir, spec)
		if err != nil {
			return nil, err
		}
		folders = append(folders, folder)
	}
	if err := os.MkdirAll(filepath.Join(dataDir, "kernels"), 0o755); err != nil { //nolint:gosec // other users' Jupyter may read it, as the folders beside it
		return nil, err
	}
	// Beside the kernels folder: within it, clients would see it half made.
	temporary, err := os.MkdirTemp(dataDir, ".livy-kernel-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temporary)
	made := func(i int) string { return filepath.Join(temporary, fmt.Sprint("new", i)) }
	for i, spec := range specs {
		if err := fill(made(i), spec); err != nil {
			return nil, err
		}
	}
	for i, spec := range specs {
		old := filepath.Join(temporary, fmt.Sprint("old", i))
		if err := swap(made(i), folders[i], old); err != nil {
			return nil, err
		}
		defer func() {
			if err != nil {
				err = errors.Join(err, putBack(folders[i], old))
			}
		}()
		if err := verify(folders[i], spec); err != nil {
			return nil, err
		}
	}
	return folders, nil
}

// putBack undoes a swap.
func putBack(folder, old string) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.Rename(old, folder); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil // there was none
}

// Check reports what would keep Install from replacing what is there, and
// changes nothing.
func Check(dataDir string, spec Spec) error {
	_, err := check(dataDir, spec)
	return explain("install kernelspec", dataDir, err)
}

func check(dataDir string, spec Spec) (folder string, err error) {
	owner := spec.Metadata.Owner
	if owner == nil {
		return "", errors.New("the spec has no owner; New makes one")
	}
	kernels := filepath.Join(dataDir, "kernels")
	folder = filepath.Join(kernels, Folder(owner.Profile, owner.Kind))
	if err := checkFolders(dataDir, kernels, folder); err != nil {
		return "", err
	}
	if _, err := read(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return folder, nil
}

// fill makes a folder with the files of spec.
func fill(folder string, spec Spec) error {
	files, err := spec.files()
	if err != nil {
		return err
	}
	if err := os.Mkdir(folder, 0o755); err != nil { //nolint:gosec // see Install
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil { //nolint:gosec // see Install
			return err
		}
	}
	return nil
}

// swap puts the folder made in the place of folder, which may not exist, and
// moves that one to old. When it fails all is as before.
func swap(made, folder, old string) error {
	err := os.Rename(folder, old)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	replaced := err == nil
	if err := os.Rename(made, folder); err != nil {
		if replaced {
			err = errors.Join(err, os.Rename(old, folder))
		}
		return err
	}
	return nil
}

// verify reads back what Jupyter will read.
func verify(folder string, spec Spec) error {
	got, err := read(folder)
	if err != nil {
		return err
	}
	if !got.equal(spec) {
		return fmt.Errorf("%s: what was written cannot be read back", folder)
	}
	files, err := spec.files()
	if err != nil {
		return err
	}
	for name, want := range files {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		if !bytes.Equal(data, want) {
			return fmt.Errorf("%s: what was written cannot be read back", filepath.Join(folder, name))
		}
	}
	return nil
}

// Remove takes the kernelspec in folder away. One that is not there is
// fs.ErrNotExist, one of another program ErrForeign.
func Remove(folder string) (err error) {
	dataDir := filepath.Dir(filepath.Dir(folder))
	defer func() { err = explain("remove kernelspec", dataDir, err) }()
	if err := checkFolders(dataDir, filepath.Dir(folder), folder); err != nil {
		return err
	}
	if _, err := read(folder); err != nil {
		return err
	}
	temporary, err := os.MkdirTemp(dataDir, ".livy-kernel-")
	if err != nil {
		return err
	}
	return errors.Join(os.Rename(folder, filepath.Join(temporary, "old")), os.RemoveAll(temporary))
}
