// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package localspark_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy/localspark"
	"github.com/livy-kernel/livy-kernel/livy/localspark/sparktest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// ownerVariable holds an Installation in JSON. A test binary that finds it is
// not to test but to be the owner of a session; see TestOwnerKilled.
const ownerVariable = "LOCALSPARK_TEST_OWNER"

func TestMain(m *testing.M) {
	if install := os.Getenv(ownerVariable); install != "" {
		if err := own(install); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// pidsCode prints the processes of a session, a child of a cell included.
const pidsCode = `import os, subprocess
child = subprocess.Popen(["sleep", "600"])
print(os.getpid(), sc._jvm.java.lang.ProcessHandle.current().pid(), child.pid)`

// own starts a session, prints its processes and then runs a statement until
// it is killed.
func own(install string) error {
	var installation localspark.Installation
	if err := json.Unmarshal([]byte(install), &installation); err != nil {
		return err
	}
	engine := localspark.NewEngine(installation, localspark.WithEnv(os.Environ()))
	driver, err := engine.Start(context.Background(), server.Spec{}, func(line string) { fmt.Fprintln(os.Stderr, line) })
	if err != nil {
		return err
	}
	for id, code := range []string{pidsCode, "import time; time.sleep(600)"} {
		out, err := driver.Run(context.Background(), server.Statement{ID: id, Kind: "pyspark", Code: code}, server.Report{Progress: func(float64) {}, Printed: func(string) {}})
		if err != nil {
			return err
		}
		var pids string
		if err := json.Unmarshal(out.Data["text/plain"], &pids); err != nil {
			return fmt.Errorf("%w: %+v", err, out)
		}
		fmt.Println(pids)
	}
	return nil
}

// TestOwnerKilled kills the owner of a session, which can do nothing about it,
// and sees everything that belonged to the session vanish.
func TestOwnerKilled(t *testing.T) {
	install, err := json.Marshal(sparktest.Setup(t, os.Environ()))
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	scratch := t.TempDir()
	owner := exec.Command(self)
	owner.Env = append(os.Environ(), ownerVariable+"="+string(install), "TMPDIR="+scratch)
	var said strings.Builder
	owner.Stderr = &said
	stdout, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	line, readErr := bufio.NewReader(stdout).ReadString('\n')
	if err := owner.Process.Signal(syscall.SIGKILL); err != nil {
		t.Error(err)
	}
	// Its stderr is open in the driver's processes too: a Wait that returns
	// without an error of its own says that they are gone.
	if err := owner.Wait(); err == nil {
		t.Error("the owner ended well")
	}
	pids := strings.Fields(line)
	if readErr != nil || len(pids) != 3 {
		t.Fatalf("the session's processes are %q (%v)\n%s", line, readErr, said.String())
	}
	for _, pid := range pids {
		if !waitFor(t.Context(), func() bool { return gone(pid) }) {
			t.Errorf("process %s outlives the owner", pid)
		}
	}
	if !waitFor(t.Context(), func() bool { return isEmpty(t, scratch) }) {
		t.Error("the scratch folder outlives the owner")
	}
}

// gone reports whether a process has ended; it may wait for its parent to look.
func gone(pid string) bool {
	state, _ := exec.Command("ps", "-o", "stat=", "-p", pid).Output() // an error where there is none
	return len(strings.TrimSpace(string(state))) == 0 || strings.HasPrefix(string(state), "Z")
}

func isEmpty(t *testing.T, dir string) bool {
	t.Helper()
	d, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	_, err = d.Readdirnames(1)
	return errors.Is(err, io.EOF)
}
