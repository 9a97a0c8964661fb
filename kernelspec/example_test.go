// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernelspec_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/livy-kernel/livy-kernel/kernelspec"
	"github.com/livy-kernel/livy-kernel/livy"
)

// A kernelspec is made, installed below a data folder, found there and removed.
func Example() {
	dataDir, err := os.MkdirTemp("", "jupyter-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dataDir)
	program := filepath.Join(dataDir, "livy-kernel")
	if err := os.WriteFile(program, nil, 0o700); err != nil { // stands for the real one
		panic(err)
	}
	spec, err := kernelspec.New(kernelspec.Request{
		Binary: program, ConfigFile: filepath.Join(dataDir, "config.toml"), Profile: "sales", Kind: livy.KindSpark,
	})
	if err != nil {
		panic(err)
	}
	folder, err := kernelspec.Install(dataDir, spec)
	if err != nil {
		panic(err)
	}
	installed, err := kernelspec.List(dataDir)
	if err != nil {
		panic(err)
	}
	for _, k := range installed {
		fmt.Printf("%s: %s, %s\n", k.Name, k.Spec.DisplayName, k.Spec.Language)
	}
	fmt.Println("removed:", kernelspec.Remove(folder))
	// Output:
	// livy-sales-spark: Spark Scala (sales), scala
	// removed: <nil>
}
