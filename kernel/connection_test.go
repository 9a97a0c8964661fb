// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const connectionFileText = `{"shell_port":50001,"iopub_port":50002,"stdin_port":50003,"control_port":50004,"hb_port":50005,
"ip":"127.0.0.1","key":"k","transport":"tcp","signature_scheme":"hmac-sha256","kernel_name":"x","jupyter_session":"dir/a.ipynb"}`

func TestW14ReadConnectionFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kernel.json")
	if err := os.WriteFile(path, []byte(connectionFileText), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := ReadConnectionFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", ShellPort: 50001, IOPubPort: 50002, StdinPort: 50003,
		ControlPort: 50004, HBPort: 50005, SignatureScheme: "hmac-sha256", Key: "k", JupyterSession: "dir/a.ipynb"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Who may read the file is told, and not refused.
func TestRow10SharedConnectionFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // it has no such modes
	}
	path := filepath.Join(t.TempDir(), "kernel.json")
	for mode, want := range map[os.FileMode]bool{0o600: false, 0o644: true, 0o640: true} {
		if err := errors.Join(os.WriteFile(path, []byte(connectionFileText), mode), os.Chmod(path, mode)); err != nil {
			t.Fatal(err)
		}
		info, err := ReadConnectionFile(path)
		if err != nil || info.Shared != want {
			t.Errorf("%v: shared %v, %v", mode, info.Shared, err)
		}
	}
}

func TestW12W13Row10ConnectionFileErrors(t *testing.T) {
	with := func(old, replacement string) string {
		if !strings.Contains(connectionFileText, old) {
			t.Fatalf("%s is not in the file", old)
		}
		return strings.Replace(connectionFileText, old, replacement, 1)
	}
	for name, c := range map[string]struct{ text, want string }{
		"empty":             {"", "not JSON (at byte 0: unexpected end of JSON input)"},
		"cut":               {connectionFileText[:40], "not JSON (at byte 40: unexpected end of JSON input)"},
		"a list":            {"[]", "not a JSON object"},
		"null":              {"null", "ip is missing"},
		"port missing":      {with(`"iopub_port":50002,`, ""), "iopub_port is missing"},
		"port is text":      {with(`50002`, `"50002"`), "iopub_port is a string, want int"},
		"port too large":    {with(`50002`, `70000`), "iopub_port is 70000, want 1 to 65535"},
		"port twice":        {with(`50002`, `50001`), "shell_port and iopub_port are both 50001"},
		"ip missing":        {with(`"ip":"127.0.0.1",`, ""), "ip is missing"},
		"ip odd":            {with(`127.0.0.1`, `127\n`), "ip holds control characters"},
		"transport":         {with(`"tcp"`, `"udp"`), `transport is "udp", want tcp or ipc`},
		"signature scheme":  {with(`hmac-sha256`, `hmac-md5`), `signature_scheme is "hmac-md5", this kernel knows only hmac-sha256`},
		"CURVE":             {with(`"key"`, `"curve_publickey":"p","curve_secretkey":"s","key"`), "curve_publickey asks for CURVE encryption, which this kernel does not have; start it without transport encryption"},
		"registration file": {`{"kernel_id":"i","registration_ip":"127.0.0.1","registration_port":5,"key":"k"}`, "registration_port asks for the handshake of protocol 5.6, which this kernel does not have"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "kernel.json")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := ReadConnectionFile(path)
			if err == nil {
				t.Fatal("no error")
			}
			if got, want := err.Error(), "connection file "+path+": "+c.want; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %s", err)
			}
		})
	}
	if _, err := ReadConnectionFile(filepath.Join(t.TempDir(), "missing.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}

func TestW10Address(t *testing.T) {
	for _, c := range []struct {
		transport, ip, want string
		loopback            bool
	}{
		{"tcp", "127.0.0.1", "tcp://127.0.0.1:5", true},
		{"tcp", "localhost", "tcp://localhost:5", true},
		{"tcp", "::1", "tcp://[::1]:5", true},
		{"tcp", "[::1]", "tcp://[::1]:5", true},
		{"tcp", "*", "tcp://*:5", false},
		{"tcp", "0.0.0.0", "tcp://0.0.0.0:5", false},
		{"tcp", "10.1.2.3", "tcp://10.1.2.3:5", false},
		{"ipc", "/run/kernel-ipc", "ipc:///run/kernel-ipc-5", true},
	} {
		info := ConnectionInfo{Transport: c.transport, IP: c.ip}
		if got := info.Address(5); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.transport, c.ip, got, c.want)
		}
		if got := info.loopback(); got != c.loopback {
			t.Errorf("%s %s: loopback %v", c.transport, c.ip, got)
		}
	}
}

func FuzzConnectionFile(f *testing.F) {
	f.Add([]byte(connectionFileText))
	f.Add([]byte(`{"shell_port":1e3,"ip":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		info, err := parseConnectionInfo(data)
		if err != nil {
			if text := err.Error(); text == "" || strings.Contains(text, "\n") {
				t.Errorf("error %q", text)
			}
			return
		}
		again, err := json.Marshal(info)
		if err != nil {
			t.Fatal(err)
		}
		back, err := parseConnectionInfo(again)
		if err != nil || back != info {
			t.Errorf("%s is read as %+v, %v", again, back, err)
		}
	})
}
