// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

//go:embed driver/*.py driver/livy_kernel_driver/*.py
var driverFiles embed.FS

// writeProgram writes the driver's Python files below scratch and returns the
// path of the one to start.
func writeProgram(scratch string) (string, error) {
	dir := filepath.Join(scratch, "driver")
	files, err := fs.Sub(driverFiles, "driver")
	if err == nil {
		err = os.CopyFS(dir, files)
	}
	if err != nil {
		return "", fmt.Errorf("write the driver's program: %w", err)
	}
	return filepath.Join(dir, "main.py"), nil
}
