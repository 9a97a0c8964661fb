// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/livy"
)

func TestSaveLoadsAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "config.toml")
	p := Profile{
		Name: "a.b", Endpoint: "https://h/x", Auth: "basic", Username: "ann", Spark: Spark{Dir: "/s"}, Kernel: Kernel{Start: "kernel"},
		Session: livy.CreateSessionRequest{
			ProxyUser: "p", Jars: []string{"j"}, PyFiles: []string{"y"}, Files: []string{"f"}, DriverMemory: "1g", DriverCores: 2,
			ExecutorMemory: "3g", ExecutorCores: 4, NumExecutors: 5, Archives: []string{"z"}, Queue: "q", Name: "n",
			Conf: map[string]string{"spark.a.b": "\"quoted\"\nline"}, HeartbeatTimeoutInSecond: 6, TTL: "7h", IdleTimeout: "8h",
		},
	}
	if err := Save(path, p); err != nil {
		t.Fatal(err)
	}
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]Profile{"a.b": p}, c.Profiles); diff != "" {
		t.Error(diff)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

const handWritten = `# my clusters
[profiles.sales] # the big one
endpoint = "https://sales:8998"

# do not touch
[profiles.sales.session.conf]
"spark.x" = """
[profiles.test]
"""

# for trying out
[profiles.test]
endpoint = "https://test:8998"  # old
# inside
[profiles.test.session]
driverMemory = "1g"

# last words
[profiles.zoo]
endpoint = "local"
`

func TestSaveKeepsTheRest(t *testing.T) {
	path := write(t, handWritten)
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	p := c.Profiles["zoo"]
	p.Spark.Dir = "/spark"
	if err := Save(path, p); err != nil {
		t.Fatal(err)
	}
	want := handWritten + "[profiles.zoo.spark]\ndir = \"/spark\"\n"
	if diff := cmp.Diff(want, slurp(t, path)); diff != "" {
		t.Error(diff)
	}
	if err := Save(path, Profile{Name: "new", Endpoint: "local"}); err != nil {
		t.Fatal(err)
	}
	want += "\n[profiles.new]\nendpoint = \"local\"\n"
	if diff := cmp.Diff(want, slurp(t, path)); diff != "" {
		t.Error(diff)
	}
	if err := Remove(path, "new"); err != nil {
		t.Fatal(err)
	}
	if err := Remove(path, "new"); err != nil {
		t.Errorf("a second time: %v", err)
	}
	if got := strings.TrimSpace(slurp(t, path)); !strings.HasPrefix(got, strings.TrimSpace(handWritten)) || strings.Contains(got, "new") {
		t.Errorf("after removal:\n%s", got)
	}
}

// Text that looks like a heading inside a string would be cut: then nothing is
// changed at all.
func TestSaveRefusesWhatItCannotFind(t *testing.T) {
	for name, file := range map[string]string{
		"inline":    "profiles = {test = {endpoint = 'local'}}\n",
		"dotted":    "[profiles]\ntest.endpoint = 'local'\n",
		"in string": handWritten,
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, file)
			err := Save(path, Profile{Name: "test", Endpoint: "https://h"})
			if err == nil || !strings.Contains(err.Error(), "by hand") {
				t.Errorf("got %v", err)
			}
			if got := slurp(t, path); got != file {
				t.Errorf("the file was changed:\n%s", got)
			}
		})
	}
}

func TestSaveRefusesABrokenFile(t *testing.T) {
	path := write(t, "[profiles.a]\nendpiont='x'\n")
	if err := Save(path, Profile{Name: "b", Endpoint: "local"}); err == nil || !strings.Contains(err.Error(), "endpiont") {
		t.Errorf("got %v", err)
	}
}

func TestSaveFollowsALink(t *testing.T) {
	path := write(t, "")
	link := filepath.Join(t.TempDir(), "config.toml")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if err := Save(link, Profile{Name: "a", Endpoint: "local"}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
	if slurp(t, path) == "" {
		t.Error("the file behind the link is unchanged")
	}
}

func TestSaveFromSeveralProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	names := []string{"a", "b", "c", "d", "e", "f"}
	var all sync.WaitGroup
	for _, name := range names {
		all.Go(func() {
			if err := Save(path, Profile{Name: name, Endpoint: "local"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	c, err := Load(path)
	if err != nil || len(c.Profiles) != len(names) {
		t.Errorf("%d profiles are left of %d, %v", len(c.Profiles), len(names), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".config-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func slurp(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
