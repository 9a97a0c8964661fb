// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package sparktest has the real Spark of the tests set up.
package sparktest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy/localspark"
)

// variable names the folder of that Spark.
const variable = "LIVY_KERNEL_TEST_SPARK"

// Dir returns the folder of the Spark of the tests: the one that environ, the
// environment of the test, names by LIVY_KERNEL_TEST_SPARK, else one in the
// user's cache. go test -short skips a test that asks for it.
func Dir(t testing.TB, environ []string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a real Spark")
	}
	for _, entry := range environ {
		if dir, ok := strings.CutPrefix(entry, variable+"="); ok && dir != "" {
			return dir
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(cache, "livy-kernel", "spark")
}

// Setup returns the Spark of the tests. To set it up takes minutes, once.
func Setup(t testing.TB, environ []string) localspark.Installation {
	t.Helper()
	install, err := localspark.Setup(t.Context(), Dir(t, environ), localspark.SetupOptions{
		Env:      environ,
		Progress: func(s localspark.Step) { t.Log(s.Name) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return install
}
