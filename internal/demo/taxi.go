// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/livy-kernel/livy-kernel/livy/localspark/pyenv"
)

// taxiVariable names the parquet file that the quickstart reads in place of
// the rows that it generates.
const taxiVariable = "GREEN_TAXI"

// withTaxi returns env for a notebook that runs in another folder: the path in
// GREEN_TAXI is absolute, and something is there. A URL is left to Spark.
func withTaxi(env []string) ([]string, error) {
	file := pyenv.Lookup(env, taxiVariable)
	if file == "" || strings.Contains(file, "://") {
		return env, nil
	}
	path, err := filepath.Abs(file)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		return nil, fmt.Errorf("%s names %s, which cannot be read (%w); name a parquet file, or leave it out for generated rows", taxiVariable, file, err)
	}
	return append(env[:len(env):len(env)], taxiVariable+"="+path), nil
}
