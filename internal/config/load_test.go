// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/livy-kernel/livy-kernel/livy"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoad(t *testing.T) {
	c, err := Load(write(t, `
[profiles.local]
endpoint = "local"
[profiles.local.spark]
dir = "/cache/spark"

[profiles."sales.eu"]
endpoint = "https://livy.example.com:8998/sessions"
dialect  = "apache"
auth     = "basic"
username = "ann"
ca_file  = "/etc/ca.pem"
[profiles."sales.eu".session]
driverMemory = "28g"
numExecutors = 4
jars = ["a.jar"]
[profiles."sales.eu".session.conf]
"spark.sql.shuffle.partitions" = "16"
password = "Spark's own business"
[profiles."sales.eu".kernel]
start = "kernel"
`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Profile{
		"local": {Name: "local", Endpoint: "local", Spark: Spark{Dir: "/cache/spark"}},
		"sales.eu": {
			Name: "sales.eu", Endpoint: "https://livy.example.com:8998/sessions", Dialect: "apache",
			Auth: "basic", Username: "ann", CAFile: "/etc/ca.pem", Kernel: Kernel{Start: "kernel"},
			Session: livy.CreateSessionRequest{
				DriverMemory: "28g", NumExecutors: 4, Jars: []string{"a.jar"},
				Conf: map[string]string{"spark.sql.shuffle.partitions": "16", "password": "Spark's own business"},
			},
		},
	}
	if diff := cmp.Diff(want, c.Profiles); diff != "" {
		t.Error(diff)
	}
	if _, err := c.Profile("nope"); err == nil || !strings.HasSuffix(err.Error(), `profiles.nope: there is no such profile; allowed: local, sales.eu`) {
		t.Errorf("unknown profile: %v", err)
	}
}

func TestLoadWithoutAFile(t *testing.T) {
	c, err := Load(filepath.Join(t.TempDir(), "none", "config.toml"))
	if err != nil || len(c.Profiles) != 0 {
		t.Fatalf("got %v, %v", c, err)
	}
}

// The texts are what the user reads, so they are compared whole.
func TestLoadRefuses(t *testing.T) {
	const kernelKeys, known = "allowed: start, on_shutdown, share, keep_alive, start_timeout, live_output", "allowed: endpoint, dialect, auth, username, ca_file, proxy, tenant, client_id, flow, authority, scopes, azure_cli, token_cache, kernel, spark, session"
	livyTable := "[profiles.a]\nendpoint='https://h'\n"
	for _, c := range []struct{ name, file, want string }{
		{"syntax", "[profiles.a\n", "line 2: expected '.' or ']' to end table name, but got '\\n' instead"},
		{"top", "profile = 1\n", "profile: unknown key; allowed: profiles"},
		{"top table", "[other.a.session]\n", "other: unknown key; allowed: profiles"},
		{"profile key", "[profiles.a]\nendpiont='x'\n", "profiles.a.endpiont: unknown key; " + known},
		{"other case", "[profiles.a]\nEndpoint='local'\n", "profiles.a.Endpoint: unknown key; " + known},
		{"kernel key", livyTable + "[profiles.a.kernel]\nbegin='kernel'\n", "profiles.a.kernel.begin: unknown key; " + kernelKeys},
		{"session key", livyTable + "[profiles.a.session]\ndriverMem='1g'\n", "profiles.a.session.driverMem: unknown key; allowed: proxyUser, jars, pyFiles, files, " +
			"driverMemory, driverCores, executorMemory, executorCores, numExecutors, archives, queue, name, conf, tags, heartbeatTimeoutInSecond, ttl, idleTimeout"},
		{"session kind", livyTable + "[profiles.a.session]\nkind='spark'\n", "profiles.a.session.kind: unknown key; allowed: proxyUser, jars, pyFiles, files, " +
			"driverMemory, driverCores, executorMemory, executorCores, numExecutors, archives, queue, name, conf, tags, heartbeatTimeoutInSecond, ttl, idleTimeout"},
		{"type", "[profiles.a]\nendpoint=7\n", "line 2 (last key \"profiles.a.endpoint\"): incompatible types: TOML value has type int64; destination has type string"},
		{"no endpoint", "[profiles.a]\n", "profiles.a.endpoint: is missing; allowed: the URL of a Livy server, local, env"},
		{"not a URL", "[profiles.a]\nendpoint='host:8998'\n", "profiles.a.endpoint: \"host:8998\" is not an http or https URL; allowed: the URL of a Livy server, local, env"},
		{"clear text", "[profiles.a]\nendpoint='http://h'\nauth='basic'\nusername='u'\n", "profiles.a.endpoint: credentials are not sent over plain http to another machine; use https"},
		{"dialect", livyTable + "dialect='hue'\n", `profiles.a.dialect: "hue" is not known; allowed: auto, apache, fabric`},
		{"dialect to come", livyTable + "dialect='synapse'\n", `profiles.a.dialect: "synapse" is not built yet; allowed: auto, apache, fabric`},
		{"live output", livyTable + "[profiles.a.kernel]\nlive_output='sse'\n", `profiles.a.kernel.live_output: "sse" is not known; allowed: off, log`},
		{"auth to come", livyTable + "auth='kerberos'\n", `profiles.a.auth: "kerberos" is not built yet; allowed: auto, none, basic, bearer, entra`},
		{"not of Fabric", livyTable + "dialect='fabric'\n", "profiles.a.endpoint: is not a session job connection string of Fabric; that looks like https://api.fabric.microsoft.com/v1/workspaces/<workspace id>/lakehouses/<lakehouse id>/livyApi/versions/2023-12-01/sessions; allowed: the URL of a Livy server, local, env"},
		{"tenant", livyTable + "tenant='a b'\n", `profiles.a.tenant: "a b" is neither a GUID nor a domain such as contoso.onmicrosoft.com`},
		{"client", livyTable + "client_id='app'\n", `profiles.a.client_id: "app" is not a GUID`},
		{"flow", livyTable + "flow='magic'\n", `profiles.a.flow: "magic" is not known; allowed: auto, browser, device-code, client-secret, certificate, managed-identity, workload-identity, azure-cli`},
		{"authority", livyTable + "authority='http://login.example'\n", `profiles.a.authority: "http://login.example" is not an https URL such as https://login.microsoftonline.com`},
		{"scope", livyTable + "scopes=['a b']\n", `profiles.a.scopes: "a b" is not a scope`},
		{"relative az", livyTable + "azure_cli='az'\n", "profiles.a.azure_cli: must be an absolute path"},
		{"token cache", livyTable + "token_cache='disk'\n", `profiles.a.token_cache: "disk" is not known; allowed: auto, memory, file`},
		{"proxy", livyTable + "proxy='proxy'\n", "profiles.a.proxy: is not the URL of a proxy such as http://proxy:3128; allowed: env"},
		{"proxy with a password", livyTable + "proxy='http://u:p@proxy:1'\n", `profiles.a.proxy: holds a user name; write "env" and set HTTPS_PROXY where the kernel starts`},
		{"keep alive", livyTable + "kernel.keep_alive='soon'\n", `profiles.a.kernel.keep_alive: "soon" is no duration, such as "45m" or "0"`},
		{"shutdown", livyTable + "kernel.on_shutdown='forget'\n", `profiles.a.kernel.on_shutdown: "forget" is not known; allowed: delete, keep`},
		{"share", livyTable + "kernel.share='A/b'\n", "profiles.a.kernel.share: a name is made of small letters, digits, dots, dashes and underscores, 64 at most"},
		{"start", livyTable + "kernel.start='never'\n", `profiles.a.kernel.start: "never" is not known; allowed: first-cell, kernel`},
		{"no user", livyTable + "auth='basic'\n", "profiles.a.username: is missing, and auth is basic"},
		{"relative CA", livyTable + "ca_file='ca.pem'\n", "profiles.a.ca_file: must be an absolute path"},
		{"relative folder", livyTable + "spark.dir='x'\n", "profiles.a.spark.dir: must be an absolute path"},
		{"name", "[profiles.'A b']\nendpoint='local'\n", `profiles."A b": a profile's name is made of small letters, digits, dots, dashes and underscores, 64 at most`},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := write(t, c.file)
			_, err := Load(path)
			var e *Error
			if !errors.As(err, &e) || e.File != path {
				t.Fatalf("got %v, want an *Error about the file", err)
			}
			if got := strings.TrimPrefix(err.Error(), path+": "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestCredentialsAreRefusedAndNotShown(t *testing.T) {
	for _, file := range []string{
		"[profiles.a]\nendpoint='https://h'\npassword='canary-1'\n",
		"[profiles.a]\nendpoint='https://h'\nclient_secret='canary-1'\n",
		"token='canary-1'\n",
		"[profiles.a]\npassword='canary-1\n",
		"[profiles.a]\nendpoint='https://u:canary-1@h'\n",
		"[profiles.a]\nendpoint='https://h/?sig=canary-1'\n",
	} {
		_, err := Load(write(t, file))
		if err == nil || strings.Contains(err.Error(), "canary-1") {
			t.Errorf("%q: got %v", file, err)
		}
	}
	_, err := Load(write(t, "[profiles.a]\nendpoint='https://h'\npassword='canary-1'\n"))
	if err == nil || !strings.Contains(err.Error(), "livy-kernel login") {
		t.Errorf("where it belongs is not said: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("[profiles.a]\nendpoint='local'\n[profiles.a.session]\nconf={a='b'}\n"))
	f.Add([]byte("profiles.a.endpoint = 'https://h'\r\n# c\n[[x]]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		profiles, err := parse(data)
		var e *Error
		if err != nil {
			if !errors.As(err, &e) || strings.ContainsAny(err.Error(), "\n\r") {
				t.Fatalf("error %q is not one line of ours", err)
			}
			return
		}
		// What was understood survives a change of another profile.
		after := replaceTables(data, "fuzz", []byte("[profiles.fuzz]\nendpoint = \"local\"\n"))
		got, err := parse(after)
		if err != nil || bytes.Contains(data, []byte(`"""`)) || bytes.Contains(data, []byte("'''")) {
			return // Save says so and changes nothing
		}
		delete(got, "fuzz")
		delete(profiles, "fuzz")
		if diff := cmp.Diff(profiles, got); diff != "" {
			t.Fatalf("%s\n%q", diff, after)
		}
	})
}
