// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// ipcInfo is a connection info for socket files in a folder of their own.
func ipcInfo(t *testing.T) kernel.ConnectionInfo {
	t.Helper()
	folder, err := os.MkdirTemp("", "ipc") // t.TempDir may be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	return kernel.ConnectionInfo{Transport: "ipc", IP: filepath.Join(folder, "kernel"), SignatureScheme: wire.SignatureScheme,
		ShellPort: 1, IOPubPort: 2, StdinPort: 3, ControlPort: 4, HBPort: 5}
}

func TestW10IPC(t *testing.T) {
	info := ipcInfo(t)
	folder := filepath.Dir(info.IP)
	r := listenOn(t, info, newEcho())
	r.client = dial(t, r.Kernel)
	checkBalanced(t, r.request(t, code("echo 1")))
	r.stop()
	if err := <-r.served; err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A port that is taken is an error, and the ports bound before it are free
// again.
func TestListenBindsAllOrNothing(t *testing.T) {
	info := ipcInfo(t)
	folder := filepath.Dir(info.IP)
	if err := os.WriteFile(info.IP+"-1", nil, 0o600); err != nil { // the shell's, which is bound last
		t.Fatal(err)
	}
	if _, err := kernel.Listen(deadline(t), info); err == nil {
		t.Fatal("no error")
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestRow10ListenWarns(t *testing.T) {
	open := anyPorts
	open.IP = "0.0.0.0"
	unsigned := anyPorts
	unsigned.Key = ""
	shared := anyPorts
	shared.Shared = true
	for _, c := range []struct {
		info kernel.ConnectionInfo
		want string
		warn bool
	}{
		{open, "reached from other machines", true},
		{unsigned, "no key", true},
		{shared, "can read the connection file", false}, // as VS Code writes it
		{anyPorts, "", false},
	} {
		r := listenOn(t, c.info, newEcho())
		r.client = dial(t, r.Kernel)
		checkBalanced(t, r.request(t, code("echo 1"))) // warned, not refused
		log := r.log.String()
		if warned := strings.Contains(log, "level=WARN"); warned != c.warn || !strings.Contains(log, c.want) {
			t.Errorf("%+v: %s", c.info, log)
		}
	}
}
