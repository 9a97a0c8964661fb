// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"encoding/json"
	"fmt"
	"slices"
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
	want := Profile{Name: "ci", Endpoint: "https://evil.example", Dialect: "apache", Auth: "bearer", Username: "mallory", CAFile: "/evil.pem", Proxy: "env"}
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
		{"Fabric by its host", nil, Profile{Endpoint: fabricEndpoint}, "entra"},
		{"Fabric with a token", []string{"LIVY_KERNEL_ENDPOINT=" + fabricEndpoint, "LIVY_KERNEL_TOKEN=t"}, Profile{Endpoint: "env"}, "bearer"},
		{"env is local", []string{"LIVY_KERNEL_ENDPOINT=local"}, Profile{Endpoint: "env"}, "none"},
		{"env without an endpoint", nil, Profile{Endpoint: "env"}, "LIVY_KERNEL_ENDPOINT: is not set, and profile p takes its endpoint from there"},
		{"env with nonsense", []string{"LIVY_KERNEL_ENDPOINT=https://h", "LIVY_KERNEL_AUTH=x"}, Profile{Endpoint: "env"}, `profiles.p.auth: "x" is not known; allowed: auto, none, basic, bearer, entra`},
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

const fabricEndpoint = "https://api.fabric.microsoft.com/v1/workspaces/11111111-2222-3333-4444-555555555555" +
	"/lakehouses/66666666-7777-8888-9999-000000000000/livyApi/versions/2023-12-01/sessions"

// TestResolveEntra takes from the environment who signs in, and where only if
// the profile takes everything from there, and then only a known cloud.
func TestResolveEntra(t *testing.T) {
	const app = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
	environ := func(authority string) []string {
		return []string{
			"LIVY_KERNEL_ENDPOINT=" + fabricEndpoint, "AZURE_TENANT_ID=contoso.com", "AZURE_CLIENT_ID=" + app, "AZURE_AUTHORITY_HOST=" + authority,
		}
	}
	government := "https://login.microsoftonline.us/"
	for _, c := range []struct {
		name, authority string
		profile         Profile
		want            string // tenant, authority
		ignored         bool   // the authority of the environment
	}{
		{"saved", government, Profile{Endpoint: fabricEndpoint}, "contoso.com " + PublicAuthority, true},
		{"saved with its own", "", Profile{Endpoint: fabricEndpoint, Entra: Entra{Tenant: "fabrikam.com", Authority: "https://login.example"}}, "fabrikam.com https://login.example", false},
		{"from the environment", government, Profile{Endpoint: "env"}, "contoso.com https://login.microsoftonline.us", false},
		{"foreign", "https://login.evil.example", Profile{Endpoint: "env"}, "contoso.com " + PublicAuthority, true},
		{"over http", "http://login.microsoftonline.us", Profile{Endpoint: "env"}, "contoso.com " + PublicAuthority, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.profile.Name = "p"
			got, ignored, err := FromEnviron(environ(c.authority)).Resolve(c.profile)
			if err != nil {
				t.Fatal(err)
			}
			if said := got.Tenant + " " + got.Authority; said != c.want || got.ClientID != app || got.Flow != "auto" {
				t.Errorf("got %+v", got.Entra)
			}
			if slices.Contains(ignored, "AZURE_AUTHORITY_HOST") != c.ignored {
				t.Errorf("ignored %v", ignored)
			}
		})
	}
}

func TestDisplay(t *testing.T) {
	for _, c := range []struct {
		goos    string
		environ []string
		want    bool
	}{
		{"linux", nil, false},
		{"linux", []string{"DISPLAY=:0"}, true},
		{"linux", []string{"WAYLAND_DISPLAY=wayland-0"}, true},
		{"linux", []string{"DISPLAY=localhost:10.0", "SSH_CONNECTION=1.2.3.4"}, false},
		{"darwin", nil, true},
		{"darwin", []string{"SSH_TTY=/dev/ttys1"}, false},
		{"windows", nil, true},
	} {
		if got := FromEnviron(c.environ).Display(c.goos); got != c.want {
			t.Errorf("%s with %v: %v", c.goos, c.environ, got)
		}
	}
}
