// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"encoding/pem"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
	"github.com/livy-kernel/livy-kernel/livy/localspark"
)

func TestInstallLocal(t *testing.T) {
	u := newUser(t)
	golden(t, "install/local.txt", u.must("install"))
	golden(t, "install/local.toml", u.read(".config/livy-kernel/config.toml"))
	golden(t, "install/local-pyspark.json", u.read(".local/share/jupyter/kernels/livy-local-pyspark/kernel.json"))
	golden(t, "install/local-sql.json", u.read(".local/share/jupyter/kernels/livy-local-sql/kernel.json"))
	golden(t, "install/list.txt", u.must("list"))
	golden(t, "install/uninstall.txt", u.must("uninstall", "local"))
	if got := u.must("list"); !strings.Contains(got, "No kernels are installed") {
		t.Errorf("after uninstall: %s", got)
	}
}

// Where Spark is set up already, nobody is told of a download.
func TestInstallKnowsASparkThatIsThere(t *testing.T) {
	dir := t.TempDir()
	there := localspark.Installation{
		Dir: dir, Python: filepath.Join(dir, "python"), SparkHome: dir, JavaHome: dir, SparkVersion: localspark.SparkVersion,
	}
	manifest, err := json.Marshal(there)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"installation.json": manifest, "python": nil, "bin/java": nil, "bin/java.exe": nil} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	said := newUser(t).must("install", "--spark-dir", dir)
	if !strings.Contains(said, "Spark is set up in "+dir) || strings.Contains(said, "download") {
		t.Errorf("got %s", said)
	}
}

func TestInstallRemote(t *testing.T) {
	u := newUser(t)
	said := u.must("install", "mycluster", "--endpoint", "https://host:8998/sessions", "--auth", "basic", "--username", "ann", "--kinds", "sql,pyspark,sql")
	golden(t, "install/remote.txt", said)

	// A second time only what is said changes, and what somebody wrote by hand stays.
	file := filepath.Join(u.home, ".config/livy-kernel/config.toml")
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString("[profiles.mycluster.session]\ndriverMemory = \"4g\" # enough\n")
	f.Close()
	written := u.read(".config/livy-kernel/config.toml")
	u.must("install", "mycluster")
	if diff := cmp.Diff(written, u.read(".config/livy-kernel/config.toml")); diff != "" {
		t.Errorf("nothing was to change: %s", diff)
	}
	u.must("install", "mycluster", "--username", "bob")
	golden(t, "install/remote.toml", u.read(".config/livy-kernel/config.toml"))
}

func TestInstallWarnsOfOpenServers(t *testing.T) {
	u := newUser(t)
	for endpoint, want := range map[string]bool{
		"https://livy.example.com:8998": true,
		"http://10.1.2.3:8998":          true,
		"http://127.0.0.1:8998":         false,
		"http://[::1]:8998":             false,
		"http://localhost:8998":         false,
	} {
		said := u.must("install", "open", "--endpoint", endpoint)
		if got := strings.Contains(said, "no authentication"); got != want {
			t.Errorf("%s: warned %v\n%s", endpoint, got, said)
		}
	}
}

func TestInstallKeepsTheAuthoritiesOfTheEnvironment(t *testing.T) {
	u := newUser(t)
	bundle := filepath.Join(u.home, "company.pem")
	server := livytest.NewServer(livytest.NewEngine(), livytest.WithTLS())
	defer server.Close()
	if err := os.WriteFile(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	u.environ = append(u.environ, "SSL_CERT_FILE="+bundle)
	u.must("install", "far", "--endpoint", "https://host:8998")
	if got := u.read(".config/livy-kernel/config.toml"); !strings.Contains(got, `ca_file = "$HOME/company.pem"`) {
		t.Error(got)
	}
}

func TestInstallElsewhere(t *testing.T) {
	u := newUser(t)
	u.must("install", "--prefix", filepath.Join(u.home, "env"), "--kinds", "spark", "--display-name", "Scala!")
	if got := u.read("env/share/jupyter/kernels/livy-local-spark/kernel.json"); !strings.Contains(got, `"display_name": "Scala!"`) {
		t.Error(got)
	}
	if got := u.must("list"); !strings.Contains(got, "No kernels") {
		t.Errorf("listed without --prefix: %s", got)
	}
	if got := u.must("list", "--prefix", filepath.Join(u.home, "env")); !strings.Contains(got, "livy-local-spark") {
		t.Errorf("not listed: %s", got)
	}
}

func TestListSaysWhatIsBroken(t *testing.T) {
	u := newUser(t)
	u.must("install", "--kinds", "sql")
	u.must("install", "gone", "--endpoint", "https://host", "--kinds", "sql")
	if err := os.WriteFile(filepath.Join(u.home, ".config/livy-kernel/config.toml"), []byte("[profiles.local]\nendpoint = 'local'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := u.must("list"); !strings.Contains(got, "broken: the profile is gone") {
		t.Error(got)
	}
	if err := os.Remove(filepath.Join(u.home, "bin", "livy-kernel")); err != nil {
		t.Fatal(err)
	}
	if got := u.must("list"); strings.Count(got, "broken: $HOME/bin/livy-kernel is gone") != 2 {
		t.Error(got)
	}
}

// A kernelspec folder that cannot be written: one sentence, and nothing is
// left half-made.
func TestInstallThatFailsLeavesNothing(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"a file in the way": {".local/share/jupyter", "unsafe folder: $HOME/.local/share/jupyter is not a folder; move it away, or install to another place with --prefix"},
		"a foreign kernel": {".local/share/jupyter/kernels/livy-local-sql/kernel.json",
			"$HOME/.local/share/jupyter/kernels/livy-local-sql: it is not a kernelspec of livy-kernel; remove it by hand or choose another profile name"},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUser(t)
			file := filepath.Join(u.home, c.file)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			stdout, stderr, code := u.run("install")
			if want := "livy-kernel: install kernelspec: " + c.want + "\n"; code != exitFailure || stderr != want || stdout != "" {
				t.Errorf("exited %d: %s%s", code, stdout, stderr)
			}
			if _, err := os.Stat(filepath.Join(u.home, ".config")); !os.IsNotExist(err) {
				t.Errorf("a profile was saved: %v", err)
			}
			if _, err := os.Stat(filepath.Join(u.home, ".local/share/jupyter/kernels/livy-local-pyspark")); err == nil {
				t.Error("one of the kernels was installed")
			}
		})
	}
}

func TestLoginLogout(t *testing.T) {
	u := newUser(t)
	u.must("install", "mycluster", "--endpoint", "https://host:8998", "--auth", "basic", "--username", "ann")
	u.stdin = "canary pw\r\nmore\n"
	said := u.must("login", "mycluster")
	if diff := cmp.Diff(passwords{"mycluster ann@https://host:8998": "canary pw"}, u.passwords); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(said+u.read(".config/livy-kernel/config.toml"), "canary") {
		t.Error("the password shows")
	}
	u.must("logout", "mycluster")
	if len(u.passwords) != 0 {
		t.Error("the password is still kept")
	}
	u.must("logout", "mycluster")

	u.stdin = "\n"
	if _, stderr, code := u.run("login", "mycluster"); code != exitFailure || stderr != "livy-kernel: no password was given\n" {
		t.Errorf("exited %d: %s", code, stderr)
	}
	u.stdin, u.passwords = "pw", nil
	want := "livy-kernel: this system has no keyring that can be used\nhint: set LIVY_KERNEL_PASSWORD where the kernel starts\n"
	if _, stderr, code := u.run("login", "mycluster"); code != exitFailure || stderr != want {
		t.Errorf("without a keyring it exited %d: %s", code, stderr)
	}
	u.passwords = passwords{}
	u.must("login", "mycluster")
	u.must("install", "mycluster", "--endpoint", "https://other:8998")
	if len(u.passwords) != 0 {
		t.Error("the password of the old endpoint is still kept")
	}
	u.must("login", "mycluster")
	u.must("uninstall", "mycluster")
	if len(u.passwords) != 0 {
		t.Error("the password outlives its profile")
	}
}

// TestInstallFabric takes the connection string as the portal shows it, in all
// its spellings, and nothing else has to be configured.
func TestInstallFabric(t *testing.T) {
	const host, workspace, lakehouse = "https://api.fabric.microsoft.com", "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000"
	install := func(u *user, endpoint string) (said string, code int) {
		stdout, stderr, code := u.run("install", "sales", "--endpoint", endpoint, "--tenant", "contoso.onmicrosoft.com",
			"--client-id", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "--kinds", "pyspark")
		return stdout + stderr, code
	}
	pasted := host + "/v1/workspaces/" + workspace + "/lakehouses/" + lakehouse + "/livyApi/versions/2023-12-01/sessions"
	for i, spelling := range []string{
		pasted, strings.TrimSuffix(pasted, "/sessions"), strings.Replace(pasted, "livyApi", "livyapi", 1),
		strings.TrimSuffix(strings.Replace(pasted, "livyApi", "livyapi", 1), "/sessions"), pasted + "/", " " + pasted + "\n",
		strings.Replace(pasted, "api.fabric", "API.Fabric", 1),
	} {
		u := newUser(t)
		said, code := install(u, spelling)
		if code != exitOK || !strings.Contains(u.read(".local/share/jupyter/kernels/livy-sales-pyspark/kernel.json"), "PySpark (sales)") {
			t.Errorf("%q exited %d: %s", spelling, code, said)
			continue
		}
		if i == 0 {
			golden(t, "install/fabric.txt", said)
			golden(t, "install/fabric.toml", u.read(".config/livy-kernel/config.toml"))
		}
		profile, err := newApp(config.FromEnviron(u.environ), strings.NewReader(""), io.Discard, io.Discard).resolved("sales")
		if err != nil || profile.Dialect != "fabric" || profile.Auth != config.AuthEntra || !strings.EqualFold(profile.Origin(), host) {
			t.Errorf("%q is dialect %q, auth %q, origin %s, %v", spelling, profile.Dialect, profile.Auth, profile.Origin(), err)
		}
	}
	for wrong, want := range map[string]string{
		strings.Replace(pasted, workspace, "sales", 1):       `the workspace id "sales", which is not a GUID`,
		strings.Replace(pasted, lakehouse, lakehouse[1:], 1): "which is not a GUID",
		strings.Replace(pasted, "2023-12-01", "latest", 1):   "is not a date such as 2023-12-01",
		strings.Replace(pasted, "/sessions", "/batches", 1):  "take the session job connection string",
		strings.Replace(pasted, "https:", "http:", 1):        "https://",
		host + "/v1/workspaces/" + workspace:                 "is not a session job connection string",
	} {
		u := newUser(t)
		if said, code := install(u, wrong); code != exitUsage || !strings.Contains(said, want) {
			t.Errorf("%s exited %d: %s", wrong, code, said)
		}
		if _, err := os.Stat(filepath.Join(u.home, ".config")); err == nil {
			t.Errorf("%s left a profile", wrong)
		}
	}
}
