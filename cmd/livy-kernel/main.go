// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Command livy-kernel is a Jupyter kernel that runs cells on Spark through
// Livy, and what installs it.
package main

import (
	"context"
	"os"

	"github.com/livy-kernel/livy-kernel/internal/config"
)

func main() {
	env := config.FromEnviron(os.Environ())
	os.Exit(run(context.Background(), newApp(env, os.Stdin, os.Stdout, os.Stderr), os.Args[1:]))
}
