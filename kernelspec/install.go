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
	defer func() { err = explain("install kernelspec", err) }()
	if folder, err = check(dataDir, spec); err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil { //nolint:gosec // other users' Jupyter may read it, as the folders beside it
		return "", err
	}
	// Beside the kernels folder: within it, clients would see it half made.
	temporary, err := os.MkdirTemp(dataDir, ".livy-kernel-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temporary)
	made, old := filepath.Join(temporary, "new"), filepath.Join(temporary, "old")
	if err := fill(made, spec); err != nil {
		return "", err
	}
	if err := swap(made, folder, old); err != nil {
		return "", err
	}
	return folder, verify(folder, spec)
}

// Check reports what would keep Install from replacing what is there, and
// changes nothing.
func Check(dataDir string, spec Spec) error {
	_, err := check(dataDir, spec)
	return explain("install kernelspec", err)
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
	defer func() { err = explain("remove kernelspec", err) }()
	dataDir := filepath.Dir(filepath.Dir(folder))
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

// explain names the operation, and puts the one failure that users meet into a
// sentence.
func explain(op string, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &path) && errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: you may not write to %s: %w", op, filepath.Dir(path.Path), path.Err)
	case errors.As(err, &link) && errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: you may not write to %s: %w", op, filepath.Dir(link.New), link.Err)
	}
	return fmt.Errorf("%s: %w", op, err)
}
