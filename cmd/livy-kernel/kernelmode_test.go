// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

func TestKernelRefusesABadConnectionFile(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"corrupt": `{"shell_port": 57`,
		"empty":   ``,
		"no key":  `{"transport": "tcp", "ip": "127.0.0.1"}`,
		"curve":   `{"transport": "tcp", "ip": "127.0.0.1", "curve_publickey": "x"}`,
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(dir, "connection.json")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			var p process
			p.exec(t, []string{"HOME=" + dir}, "-f", file)
			p.ends(t, exitFailure)
			said := p.stderr.String()
			const hint = "\nhint: Jupyter writes that file at each start, by its settings; start the kernel again there\n"
			if !strings.HasPrefix(said, "livy-kernel: connection file "+file+": ") || !strings.HasSuffix(said, hint) || strings.Count(said, "\n") != 2 {
				t.Errorf("said %q", said)
			}
		})
	}
}

func TestKernelSaysThatAPortIsTaken(t *testing.T) {
	u := newUser(t)
	first := start(t, u.environ)
	first.dial(t)
	text, err := json.Marshal(first.info)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(u.home, "connection.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	var second process
	second.exec(t, u.environ, "-f", file)
	second.ends(t, exitFailure)
	const hint = "\nhint: Jupyter chooses other ports at each start; start the kernel again there\n"
	if said := second.stderr.String(); !strings.Contains(said, fmt.Sprint(first.info.HBPort)) || !strings.HasSuffix(said, hint) || strings.Count(said, "\n") != 2 {
		t.Errorf("said %q", said)
	}
	if err := first.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	first.ends(t, exitOK)
}

// What is wrong in the configuration is no reason to exit: Jupyter would start
// the kernel again and again, and say nothing.
func TestKernelStaysUpWithABadConfiguration(t *testing.T) {
	u := newUser(t)
	config := filepath.Join(u.home, "config.toml")
	if err := os.WriteFile(config, []byte("[profiles.sales]\nendpiont = 'x'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"unknown key", []string{"--profile", "sales", "--config", config}, "ConfigError: " + config + ": profiles.sales.endpiont: unknown key; allowed: endpoint, "},
		{"unknown profile", []string{"--profile", "nope", "--config", config + ".none"}, "ConfigError: " + config + ".none: profiles.nope: there is no such profile"},
		{"unknown kind", []string{"--kind", "ruby"}, "ConfigError: --kind: there is no kind ruby; allowed: pyspark, spark, sql, shared"},
		{"relative file", []string{"--config", "config.toml"}, "ConfigError: config.toml: the path of the configuration file is not absolute"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := start(t, u.environ, c.args...)
			client := p.dial(t)
			if _, err := client.Request(t.Context(), kerneltest.Control, wire.KernelInfoRequest{}); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if got := execute(t, client, "1+1"); !strings.HasPrefix(got, c.want) {
					t.Errorf("got  %s\nwant %s", got, c.want)
				}
			}
			if err := p.Process.Signal(os.Interrupt); err != nil { // harmless when no cell runs
				t.Fatal(err)
			}
			if _, err := client.Request(t.Context(), kerneltest.Control, wire.ShutdownRequest{}); err != nil {
				t.Fatal(err)
			}
			p.ends(t, exitOK)
		})
	}
}

// Fault matrix row 79: the environment is that of a hostile workspace. The
// password goes to the saved endpoint, and SIGTERM deletes the session.
func TestRow79KernelInAHostileEnvironment(t *testing.T) {
	good := echoServer(livytest.WithBasicAuth("ann", "canary"))
	defer good.Close()
	evil := echoServer()
	defer evil.Close()
	u := newUser(t)
	u.must("install", "sales", "--endpoint", good.URL, "--auth", "basic", "--username", "ann")
	saved := filepath.Join(u.home, ".config/livy-kernel/config.toml")
	fake := filepath.Join(u.home, "fake.toml")
	if err := os.WriteFile(fake, []byte("[profiles.sales]\nendpoint = '"+evil.URL+"'\n[profiles.evil]\nendpoint = '"+evil.URL+"'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(u.home, "overwritten")
	hostile := []string{
		"HOME=" + filepath.Join(u.home, "workspace"), "XDG_CONFIG_HOME=" + filepath.Join(u.home, "workspace"),
		"LIVY_KERNEL_ENDPOINT=" + evil.URL, "LIVY_KERNEL_AUTH=none", "LIVY_KERNEL_DIALECT=x", "LIVY_KERNEL_USERNAME=mallory",
		"LIVY_KERNEL_CA_FILE=/evil.pem", "LIVY_KERNEL_LOG=info;" + log, "LIVY_KERNEL_PASSWORD=canary",
	}
	for _, c := range []struct {
		name    string
		environ []string
		args    []string
	}{
		// For language python the kernelspec's env beats the workspace's.
		{"python", []string{"LIVY_KERNEL_PROFILE=sales", "LIVY_KERNEL_KIND=pyspark", "LIVY_KERNEL_CONFIG=" + saved}, nil},
		{"scala", []string{"LIVY_KERNEL_PROFILE=evil", "LIVY_KERNEL_KIND=sql", "LIVY_KERNEL_CONFIG=" + fake},
			[]string{"--profile", "sales", "--kind", "spark", "--config", saved}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := start(t, append(hostile, c.environ...), c.args...)
			client := p.dial(t)
			if got := execute(t, client, "1+1"); got != "" {
				t.Errorf("the cell failed: %s", got)
			}
			if err := p.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			p.ends(t, exitOK)
			requests := good.Requests()
			if last := requests[len(requests)-1]; last.Method != "DELETE" {
				t.Errorf("the session was not deleted; last came %s %s", last.Method, last.Path)
			}
			said := p.stderr.String()
			for _, name := range []string{"LIVY_KERNEL_ENDPOINT", "LIVY_KERNEL_AUTH", "LIVY_KERNEL_CA_FILE", "LIVY_KERNEL_LOG"} {
				if !strings.Contains(said, name) {
					t.Errorf("that %s is ignored is not said", name)
				}
			}
			if strings.Contains(said, "canary") {
				t.Errorf("the password shows: %s", said)
			}
		})
	}
	if len(evil.Requests()) != 0 {
		t.Errorf("%d requests went astray", len(evil.Requests()))
	}
	if _, err := os.Stat(log); err == nil {
		t.Error("the log went where the workspace wanted it")
	}
}

// The certificate authorities are not the workspace's to choose.
func TestRow79KernelTrustsNoForeignAuthority(t *testing.T) {
	evil := echoServer(livytest.WithTLS())
	defer evil.Close()
	u := newUser(t)
	u.must("install", "sales", "--endpoint", evil.URL, "--auth", "basic", "--username", "ann")
	bundle := filepath.Join(u.home, "evil.pem")
	if err := os.WriteFile(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: evil.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, append(u.environ, "SSL_CERT_FILE="+bundle, "LIVY_KERNEL_PASSWORD=canary"), "--profile", "sales", "--kind", "sql",
		"--config", filepath.Join(u.home, ".config/livy-kernel/config.toml"))
	client := p.dial(t)
	if got := execute(t, client, "select 1"); !strings.HasPrefix(got, "ConnectionFailed: ") {
		t.Errorf("the cell says %q", got)
	}
	if n := len(evil.Requests()); n != 0 {
		t.Errorf("%d requests went to a server that nobody vouches for", n)
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.ends(t, exitOK)
}

// A profile that takes all from the environment is for pipelines.
func TestKernelTakesItsServerFromTheEnvironment(t *testing.T) {
	server := echoServer(livytest.WithBasicAuth("ci", "pw"))
	defer server.Close()
	u := newUser(t)
	u.must("install", "ci", "--endpoint", "env")
	log := filepath.Join(u.home, "kernel.log")
	p := start(t, append(u.environ, "LIVY_KERNEL_ENDPOINT="+server.URL, "LIVY_KERNEL_USERNAME=ci", "LIVY_KERNEL_PASSWORD=pw", "LIVY_KERNEL_LOG=info;"+log),
		"--profile", "ci", "--kind", "sql", "--config", filepath.Join(u.home, ".config/livy-kernel/config.toml"))
	client := p.dial(t)
	if got := execute(t, client, "select 1"); got != "" {
		t.Errorf("the cell failed: %s", got)
	}
	if err := p.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	p.ends(t, exitOK)
	if info, err := os.Stat(log); err != nil || info.Mode().Perm() != 0o600 || info.Size() == 0 {
		t.Errorf("the log: %v, %v", info, err)
	}
}
