// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

func TestHelp(t *testing.T) {
	u := newUser(t)
	for _, command := range []string{"", "help install", "install", "uninstall", "list", "sessions", "doctor", "explain", "sessions stop", "login", "logout", "serve", "demo", "completion", "version"} {
		t.Run("help "+command, func(t *testing.T) {
			args := strings.Fields(command + " --help")
			if topic, ok := strings.CutPrefix(command, "help "); ok {
				args, command = []string{"help", topic}, topic
			}
			if command == "" {
				args = []string{} // no arguments at all: help, and harmless
			}
			stdout, stderr, code := u.run(args...)
			if code != exitOK || stderr != "" {
				t.Errorf("exited %d: %s", code, stderr)
			}
			if command == "" {
				command = "livy-kernel"
			}
			golden(t, "help/"+command+".txt", stdout)
		})
	}
}

// What the user reads when a command goes wrong; the exit code before it.
func TestErrors(t *testing.T) {
	u := newUser(t)
	u.must("install")
	u.must("install", "open", "--endpoint", "http://127.0.0.1:8998")
	var all strings.Builder
	for _, line := range []string{
		"instal",
		"frobnicate now",
		"--profile local",
		"--frobnicate",
		"help frobnicate",
		"-f",
		"-f /nonexistent/connection.json",
		"install a b",
		"install new",
		"install --endpoint https://host:8998",
		"install Sales --endpoint https://host:8998",
		"install sales --endpoint host:8998",
		"install sales --endpoint http://host:8998 --auth basic --username ann",
		"install sales --endpoint https://host:8998 --auth basic",
		"install sales --endpoint https://host:8998 --auth kerberos",
		"install sales --endpoint https://host:8998 --auth ntlm",
		"install sales --endpoint https://host:8998 --dialect fabric",
		"install sales --endpoint https://host:8998 --ca-file /nonexistent/ca.pem",
		"install sales --endpoint https://ann:pw@host:8998",
		"install sales --endpoint https://host:8998 --tenant contoso",
		"install sales --endpoint https://host:8998 --client-id app",
		"install sales --endpoint https://host:8998 --flow azure-cli --auth entra",
		"install sales --endpoint https://api.fabric.microsoft.com/v1/workspaces/1/lakehouses/2/livyApi/versions/2023-12-01/sessions",
		"install sales --endpoint https://api.fabric.microsoft.com/groups/me/lakehouses",
		"install --kinds sparkr",
		"install --kinds pyspark,ruby",
		"install --display-name X",
		"install --user --prefix /opt",
		"install --sys-prefix",
		"uninstall",
		"uninstall nothing",
		"login",
		"login nothing",
		"login local",
		"login open",
		"logout open",
		"serve --port 70000",
		"serve --port x",
		"sessions stop",
		"sessions stop 7 --orphans",
		"sessions stop 7",
		"explain Frobnication",
		"completion",
		"completion csh",
		"finish-session",
		"version 1",
	} {
		stdout, stderr, code := u.run(strings.Fields(line)...)
		fmt.Fprintf(&all, "$ livy-kernel %s\n[%d] %s%s\n", line, code, stdout, stderr)
		if code == exitOK {
			t.Errorf("%s succeeds", line)
		}
	}
	golden(t, "errors.txt", all.String())
}

func TestVersion(t *testing.T) {
	got := newUser(t).must("version")
	want := regexp.MustCompile(`^livy-kernel \S+\ncommit {6}\S.*\ngo {10}go1\.\S+ \S+/\S+\nzmq4 {8}\S+\nmsal {8}\S+\n$`)
	if !want.MatchString(got) {
		t.Errorf("got %q", got)
	}
}
