// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

func TestMain(m *testing.M) {
	if played, err := playRole(); played {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// anyPorts is a connection info by which the system chooses the ports.
var anyPorts = kernel.ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: wire.SignatureScheme, Key: "the key"}

// running is a kernel that serves, and a client that sees the start of iopub.
type running struct {
	*kernel.Kernel
	client *kerneltest.Client
	stop   context.CancelFunc // as SIGTERM does
	served chan error         // what Serve returned
	log    *logBuffer
}

// start runs a kernel for the time of the test.
func start(t *testing.T, backend kernel.Backend, opts ...kernel.Option) *running {
	t.Helper()
	r := listen(t, backend, opts...)
	r.client = dial(t, r.Kernel)
	if _, err := r.client.WaitIOPub(deadline(t), "iopub_welcome"); err != nil {
		t.Fatal(err)
	}
	return r
}

// listen runs a kernel that has no client yet.
func listen(t *testing.T, backend kernel.Backend, opts ...kernel.Option) *running {
	t.Helper()
	return listenOn(t, anyPorts, backend, opts...)
}

func listenOn(t *testing.T, info kernel.ConnectionInfo, backend kernel.Backend, opts ...kernel.Option) *running {
	t.Helper()
	r := &running{served: make(chan error, 1), log: &logBuffer{}}
	log := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	k, err := kernel.Listen(deadline(t), info, append([]kernel.Option{kernel.WithLogger(log)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	r.Kernel = k
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.served <- k.Serve(ctx, backend)
	}()
	t.Cleanup(func() {
		stop()
		<-ended
	})
	return r
}

func dial(t *testing.T, k *kernel.Kernel) *kerneltest.Client {
	t.Helper()
	c, err := kerneltest.Dial(deadline(t), k.Connection())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// deadline ends a test that waits for what never comes.
func deadline(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// request sends content by shell and waits until it is served.
func (r *running) request(t *testing.T, content wire.Content) kerneltest.Exchange {
	t.Helper()
	x, err := r.client.Request(deadline(t), kerneltest.Shell, content)
	if err != nil {
		t.Fatalf("%v; log:\n%s", err, r.log)
	}
	return x
}

// send sends content and does not wait.
func (r *running) send(t *testing.T, channel kerneltest.Channel, content wire.Content) *wire.Message {
	t.Helper()
	m, err := r.client.Send(deadline(t), channel, content)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (r *running) wait(t *testing.T, request *wire.Message, done func(kerneltest.Exchange) bool) kerneltest.Exchange {
	t.Helper()
	x, err := r.client.Wait(deadline(t), request, done)
	if err != nil {
		t.Fatalf("%v; log:\n%s", err, r.log)
	}
	return x
}

// logs waits until the log has n lines that hold text.
func (r *running) logs(t *testing.T, text string, n int) {
	t.Helper()
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	for ctx := deadline(t); strings.Count(r.log.String(), text) < n; {
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Fatalf("log:\n%s", r.log)
		}
	}
}

// code is an execute_request as JupyterLab sends it.
func code(s string) wire.ExecuteRequest {
	return wire.ExecuteRequest{Code: s, StoreHistory: true, StopOnError: true}
}

// decoded reads the content of a message.
func decoded[T any](t *testing.T, m *wire.Message) T {
	t.Helper()
	var content T
	if m == nil {
		t.Fatalf("no message for %T", content)
	}
	if err := json.Unmarshal(m.Content, &content); err != nil {
		t.Fatal(err)
	}
	return content
}

// logBuffer takes the log of a kernel.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
