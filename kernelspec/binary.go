// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernelspec

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// ErrTemporary refuses a program that will be gone soon.
var ErrTemporary = errors.New("this program was built to be run once; build it to a lasting place first, with: go install ./cmd/livy-kernel")

// StableBinary returns the path to write into a kernelspec for the running
// program, whose own path is executable. Package managers keep programs in
// folders named after the version, which go with the next one; so when a
// folder of search, commonly the PATH, leads to the same program, that is the
// path to keep.
func StableBinary(executable string, search []string) (string, error) {
	real, err := filepath.EvalSymlinks(executable)
	if err != nil {
		return "", err
	}
	running, err := os.Stat(real)
	if err != nil {
		return "", err
	}
	if strings.Contains(filepath.ToSlash(real), "/go-build") {
		return "", ErrTemporary
	}
	for _, dir := range search {
		candidate := filepath.Join(dir, filepath.Base(executable))
		if !filepath.IsAbs(dir) || candidate == real {
			continue
		}
		if info, err := os.Stat(candidate); err == nil && os.SameFile(info, running) {
			return candidate, nil
		}
	}
	return real, nil
}
