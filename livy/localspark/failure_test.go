// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package localspark_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/livy-kernel/livy-kernel/livy"
	"github.com/livy-kernel/livy-kernel/livy/localspark"
	"github.com/livy-kernel/livy-kernel/livy/localspark/sparktest"
	"github.com/livy-kernel/livy-kernel/livy/server"
)

// lines is a session's log.
type lines struct {
	mu  sync.Mutex
	all []string
}

func (l *lines) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, line)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.all, "\n")
}

func TestStartFails(t *testing.T) {
	install := sparktest.Setup(t, os.Environ())
	noJava, brokenJava := install, install
	noJava.JavaHome, brokenJava.JavaHome = t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(brokenJava.JavaHome, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(brokenJava.JavaHome, "bin", "java"), []byte("#!/bin/sh\necho libjli.so: cannot open >&2\nexit 127\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	again := "; repair it, or remove " + install.Dir + ", and the next session sets Spark up again with another one"
	cases := []struct {
		name    string
		install localspark.Installation
		request livy.CreateSessionRequest
		want    string
	}{
		{"too little memory", install, livy.CreateSessionRequest{DriverMemory: "1k"}, "Java ended before Spark was up: Too small maximum heap"},
		{"memory that is no size", install, livy.CreateSessionRequest{DriverMemory: "lots"}, "Java ended before Spark was up: Invalid maximum heap size: -Xmxlots"},
		{"no Java", noJava, livy.CreateSessionRequest{}, "Java no longer works (run " + noJava.JavaHome + "/bin/java: …no such file or directory)" + again},
		{"broken Java", brokenJava, livy.CreateSessionRequest{}, "Java no longer works (run " + brokenJava.JavaHome + "/bin/java: exit status 127, libjli.so: cannot open)" + again},
		{"no such master", install, livy.CreateSessionRequest{Conf: map[string]string{"spark.master": "nowhere"}}, "Java ended before Spark was up: org.apache.spark.SparkException: Master must either be yarn or start with"},
		{"no such setting", install, livy.CreateSessionRequest{Conf: map[string]string{"spark.executor.heartbeatInterval": "often"}}, "Spark did not start: java.lang.NumberFormatException: …"},
		{"no Python", localspark.Installation{Python: install.Python + "-gone"}, livy.CreateSessionRequest{}, "start the driver: …"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			scratch := t.TempDir()
			t.Setenv("TMPDIR", scratch) // of os.MkdirTemp
			t.Setenv("TMP", scratch)
			var log lines
			_, err := localspark.NewEngine(c.install, localspark.WithEnv(os.Environ())).Start(t.Context(), server.Spec{Request: c.request}, log.add)
			start, part, _ := strings.Cut(c.want, "…")
			if err == nil || !strings.HasPrefix(err.Error(), start) || !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error is %v, want %s\n%s", err, c.want, log.String())
			}
			left, err := os.ReadDir(scratch)
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

// TestDriverDies ends a driver from within, while a statement runs.
func TestDriverDies(t *testing.T) {
	engine := testEngine(t)
	for name, code := range map[string]string{
		"Python": "import os; os._exit(7)",
		"Java":   "import os, signal; os.kill(sc._jvm.java.lang.ProcessHandle.current().pid(), signal.SIGKILL); __import__('time').sleep(600)",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log lines
			driver, err := engine.Start(t.Context(), server.Spec{}, log.add)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := driver.Run(t.Context(), server.Statement{ID: 1, Kind: "pyspark", Code: code}, server.Report{Progress: func(float64) {}, Printed: func(string) {}}); err == nil {
				t.Error("the statement has an output")
			}
			<-driver.Done()
			if _, err := driver.Run(t.Context(), server.Statement{ID: 2, Kind: "pyspark", Code: "1"}, server.Report{Progress: func(float64) {}, Printed: func(string) {}}); err == nil {
				t.Error("the next statement has one")
			}
			if _, err := driver.Complete(t.Context(), "spark", "s", 1); err == nil {
				t.Error("a completion has candidates")
			}
			if err := driver.Close(context.Background()); err != nil {
				t.Error(err)
			}
			if name == "Java" && !strings.Contains(log.String(), "the Java process of Spark has ended") {
				t.Errorf("the log does not say why:\n%s", log.String())
			}
		})
	}
}
