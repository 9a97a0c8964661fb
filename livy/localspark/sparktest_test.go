// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy/localspark"
)

// testInstallation returns the Spark of the tests. It is set up where the
// environment variable LIVY_KERNEL_TEST_SPARK says, else in the user's cache,
// which takes minutes once; go test -short skips the tests that need it.
func testInstallation(t *testing.T) localspark.Installation {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a real Spark")
	}
	dir := os.Getenv("LIVY_KERNEL_TEST_SPARK")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		dir = filepath.Join(cache, "livy-kernel", "spark")
	}
	install, err := localspark.Setup(t.Context(), dir, localspark.SetupOptions{
		Env:      os.Environ(),
		Progress: func(s localspark.Step) { t.Log(s.Name) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return install
}
