// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernelspec

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Installed is a kernelspec of this program.
type Installed struct {
	Name   string // of the kernel
	Folder string
	Spec   Spec
	// Broken tells that the program which the spec starts is not there.
	Broken bool
}

// List returns the kernelspecs of this program below a Jupyter data folder,
// by name. Those of others are left out.
func List(dataDir string) ([]Installed, error) {
	kernels := filepath.Join(dataDir, "kernels")
	entries, err := os.ReadDir(kernels)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, explain("list kernelspecs", dataDir, err)
	}
	var found []Installed
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), "livy-") {
			continue
		}
		folder := filepath.Join(kernels, entry.Name())
		spec, err := read(folder)
		if err != nil {
			continue // foreign, or gone meanwhile
		}
		info, err := os.Stat(spec.Argv[0])
		found = append(found, Installed{Name: entry.Name(), Folder: folder, Spec: spec, Broken: err != nil || info.IsDir()})
	}
	return found, nil
}
