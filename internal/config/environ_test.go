// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPathsFor(t *testing.T) {
	for _, c := range []struct {
		name, goos string
		environ    []string
		want       Paths
	}{
		{"linux", "linux", []string{"HOME=/home/ann"}, Paths{
			"/home/ann/.config/livy-kernel/config.toml", "/home/ann/.cache/livy-kernel", "/home/ann/.local/state/livy-kernel"}},
		{"xdg", "linux", []string{"HOME=/home/ann", "XDG_CONFIG_HOME=/c", "XDG_CACHE_HOME=/k", "XDG_STATE_HOME=/s"}, Paths{
			"/c/livy-kernel/config.toml", "/k/livy-kernel", "/s/livy-kernel"}},
		{"relative xdg", "linux", []string{"HOME=/home/ann", "XDG_CONFIG_HOME=c", "XDG_CACHE_HOME=."}, Paths{
			"/home/ann/.config/livy-kernel/config.toml", "/home/ann/.cache/livy-kernel", "/home/ann/.local/state/livy-kernel"}},
		{"macos", "darwin", []string{"HOME=/Users/ann", "XDG_CONFIG_HOME=/c"}, Paths{
			"/Users/ann/Library/Application Support/livy-kernel/config.toml", "/Users/ann/Library/Caches/livy-kernel",
			"/Users/ann/Library/Application Support/livy-kernel/state"}},
		{"windows", "windows", []string{`USERPROFILE=C:\Users\ann`, `APPDATA=D:\Roaming`, `HOME=/home/ann`}, Paths{
			`D:\Roaming\livy-kernel\config.toml`, `C:\Users\ann\AppData\Local\livy-kernel\cache`, `C:\Users\ann\AppData\Local\livy-kernel\state`}},
		{"named", "linux", []string{"HOME=/home/ann", "LIVY_KERNEL_CONFIG=/etc/lk.toml"}, Paths{
			"/etc/lk.toml", "/home/ann/.cache/livy-kernel", "/home/ann/.local/state/livy-kernel"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := PathsFor(c.goos, FromEnviron(c.environ))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if _, err := PathsFor("linux", FromEnviron([]string{"HOME=/h", "LIVY_KERNEL_CONFIG=lk.toml"})); err == nil {
		t.Error("a relative LIVY_KERNEL_CONFIG passes: it would be read from the notebook's folder")
	}
}

func TestFromEnviron(t *testing.T) {
	e := FromEnviron([]string{
		"LIVY_KERNEL_PASSWORD=canary", "LIVY_KERNEL_TOKEN=canary", "JPY_PARENT_PID=12", "JPY_SESSION_NAME=/n.ipynb",
		"PATH=/a", "PATH=/b", "LIVY_KERNEL_KIND=sql", "livy_kernel_token=canary", "LIVY_KERNEL_LOG=debug;/l",
	})
	if e.Password.Reveal() != "canary" || e.Token.Reveal() != "canary" || e.ParentPID != 12 || e.SessionName != "/n.ipynb" || e.Kind != "sql" || e.Lookup("PATH") != "/b" {
		t.Errorf("got token %q, parent %d, session %q, kind %q, path %q", e.Token.Reveal(), e.ParentPID, e.SessionName, e.Kind, e.Lookup("PATH"))
	}
	if diff := cmp.Diff([]string{"JPY_PARENT_PID=12", "JPY_SESSION_NAME=/n.ipynb", "PATH=/a", "PATH=/b"}, e.Children()); diff != "" {
		t.Error("children:", diff)
	}
	if pid := FromEnviron([]string{"JPY_PARENT_PID=x"}).ParentPID; pid != 0 {
		t.Errorf("parent %d", pid)
	}
	encoded, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if shown := fmt.Sprintf("%v %+v %#v %s %v", e, e, e, e, &e) + string(encoded); strings.Contains(shown, "canary") {
		t.Errorf("a credential shows in %s", shown)
	}
}

// Fault matrix row 79, the part of the profile: what a workspace's .env says
// of the server does not count.
func TestRow79HostileEnvironment(t *testing.T) {
	hostile := FromEnviron([]string{
		"LIVY_KERNEL_ENDPOINT=https://evil.example", "LIVY_KERNEL_DIALECT=apache", "LIVY_KERNEL_AUTH=bearer",
		"LIVY_KERNEL_USERNAME=mallory", "LIVY_KERNEL_CA_FILE=/evil.pem", "LIVY_KERNEL_TOKEN=t",
	})
	saved := Profile{Name: "a", Endpoint: "https://good.example", Auth: "basic", Username: "ann", CAFile: "/ca.pem"}
	got, ignored, err := hostile.Resolve(saved)
	if err != nil {
		t.Fatal(err)
	}
	saved.Dialect = "apache"
	if diff := cmp.Diff(saved, got); diff != "" {
		t.Error(diff)
	}
	if len(ignored) != 5 {
		t.Errorf("ignored %v", ignored)
	}

	got, ignored, err = hostile.Resolve(Profile{Name: "ci", Endpoint: "env"})
	if err != nil {
		t.Fatal(err)
	}
	want := Profile{Name: "ci", Endpoint: "https://evil.example", Dialect: "apache", Auth: "bearer", Username: "mallory", CAFile: "/evil.pem"}
	if diff := cmp.Diff(want, got); diff != "" || ignored != nil {
		t.Error(diff, ignored)
	}
}

func TestResolve(t *testing.T) {
	for _, c := range []struct {
		name    string
		environ []string
		profile Profile
		want    string // auth, or the error
	}{
		{"auto without a user", nil, Profile{Endpoint: "https://h", Auth: "auto"}, "none"},
		{"auto with a user", nil, Profile{Endpoint: "https://h", Username: "ann"}, "basic"},
		{"a token alone does not change a profile", []string{"LIVY_KERNEL_TOKEN=t"}, Profile{Endpoint: "https://h"}, "none"},
		{"env with a token", []string{"LIVY_KERNEL_ENDPOINT=https://h", "LIVY_KERNEL_TOKEN=t"}, Profile{Endpoint: "env"}, "bearer"},
		{"env with a user", []string{"LIVY_KERNEL_ENDPOINT=https://h", "LIVY_KERNEL_USERNAME=ann"}, Profile{Endpoint: "env"}, "basic"},
		{"env is local", []string{"LIVY_KERNEL_ENDPOINT=local"}, Profile{Endpoint: "env"}, "none"},
		{"env without an endpoint", nil, Profile{Endpoint: "env"}, "LIVY_KERNEL_ENDPOINT: is not set, and profile p takes its endpoint from there"},
		{"env with nonsense", []string{"LIVY_KERNEL_ENDPOINT=https://h", "LIVY_KERNEL_AUTH=x"}, Profile{Endpoint: "env"}, `profiles.p.auth: "x" is not known; allowed: auto, none, basic, bearer`},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.profile.Name = "p"
			got, _, err := FromEnviron(c.environ).Resolve(c.profile)
			said := got.Auth
			if err != nil {
				said = err.Error()
			}
			if said != c.want {
				t.Errorf("got %q, want %q", said, c.want)
			}
		})
	}
}
