// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestW10ParseAddress(t *testing.T) {
	tests := []struct {
		in     string
		target string // empty: refused
	}{
		{"tcp://127.0.0.1:5555", "127.0.0.1:5555"},
		{"tcp://[::1]:0", "[::1]:0"},
		{"tcp://*:8080", ":8080"},
		{"tcp://0.0.0.0:1", "0.0.0.0:1"},
		{"tcp://localhost:65535", "localhost:65535"},
		{"ipc:///run/kernel-1", "/run/kernel-1"},
		{"ipc://kernel-1-ipc-2", "kernel-1-ipc-2"},
		{"ipc://" + strings.Repeat("p", maxIPCPath), strings.Repeat("p", maxIPCPath)},
		{"ipc://" + strings.Repeat("p", maxIPCPath+1), ""},
		{"ipc://", ""},
		{"tcp://::1:5555", ""},
		{"tcp://127.0.0.1", ""},
		{"tcp://127.0.0.1:", ""},
		{"tcp://127.0.0.1:65536", ""},
		{"tcp://127.0.0.1:-1", ""},
		{"tcp://127.0.0.1:http", ""},
		{"udp://127.0.0.1:5555", ""},
		{"127.0.0.1:5555", ""},
		{"", ""},
	}
	for _, test := range tests {
		a, err := parseAddress(test.in)
		if (err == nil) != (test.target != "") || a.target != test.target {
			t.Errorf("%q: target %q, error %v", test.in, a.target, err)
		}
		if err == nil && a.String() != test.in {
			t.Errorf("%q became %q", test.in, a)
		}
	}
}

// TestW10AddrHoldsRealPort: the address is told in the form that was given.
func TestW10AddrHoldsRealPort(t *testing.T) {
	for _, given := range []string{"tcp://127.0.0.1:0", "tcp://[::1]:0", "tcp://*:0", "tcp://localhost:0"} {
		r := echoRouter(t, given)
		prefix := strings.TrimSuffix(given, "0")
		if got := r.Addr(); !strings.HasPrefix(got, prefix) || got == given {
			t.Errorf("%s is told as %s", given, got)
		}
		dial(t, strings.Replace(r.Addr(), "*", "127.0.0.1", 1), Dealer).Close()
	}
}

func TestW10LongIPCPathInWords(t *testing.T) {
	_, err := ListenRouter(t.Context(), "ipc://"+filepath.Join(t.TempDir(), strings.Repeat("p", 200)))
	if err == nil || !containsAll(err.Error(), "bytes long", "shorter name") {
		t.Errorf("error: %v", err)
	}
}

// TestS6W11PortOfLeavingKernel: a port that becomes free while it is tried is
// taken; connections of the previous owner do not hinder that.
func TestS6W11PortOfLeavingKernel(t *testing.T) {
	old := echoRouter(t, anyPort)
	client := dial(t, old.Addr(), Dealer)
	defer client.Close()
	bound := make(chan error)
	var next *Router
	go func() {
		var err error
		next, err = ListenRouter(testContext(t), old.Addr())
		bound <- err
	}()
	closeSocket(t, old)
	if err := <-bound; err != nil {
		t.Fatal(err)
	}
	if next.Addr() != old.Addr() {
		t.Errorf("bound %s in place of %s", next.Addr(), old.Addr())
	}
	closeSocket(t, next)
}

// TestW11TakenPort: a port that stays taken is an error that names it.
func TestW11TakenPort(t *testing.T) {
	old := echoRouter(t, anyPort)
	ctx, cancel := context.WithCancel(t.Context())
	cancelled := make(chan struct{})
	go func() { cancel(); close(cancelled) }()
	<-cancelled
	for name, ctx := range map[string]context.Context{"in time": t.Context(), "cancelled": ctx} {
		_, err := ListenRouter(ctx, old.Addr())
		_, port, _ := net.SplitHostPort(strings.TrimPrefix(old.Addr(), "tcp://"))
		if err == nil || !strings.HasPrefix(err.Error(), "zmtp: listen on "+old.Addr()+": port "+port+" is in use by another program: ") {
			t.Errorf("%s: error: %v", name, err)
		}
	}
}

func TestW10IPCFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kernel-1")
	r, err := ListenRouter(t.Context(), "ipc://"+path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode(); mode.Perm() != 0o600 || mode&os.ModeSocket == 0 {
		t.Errorf("mode of the socket file: %s", mode)
	}
	closeSocket(t, r)
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("after Close the file is still there: %v", err)
	}
}

// TestW10IPCStaleFile: the file of a killed kernel is replaced, anything else is
// not touched.
func TestW10IPCStaleFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kernel-1")
	killed, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	killed.SetUnlinkOnClose(false)
	killed.Close()
	r := echoRouter(t, "ipc://"+path)
	client := dial(t, r.Addr(), Dealer)
	defer client.Close()
	if err := client.Send(t.Context(), frames("hi")); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Recv(testContext(t)); err != nil {
		t.Error(err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), 2*retryPause)
	defer cancel()
	if _, err := ListenRouter(ctx, "ipc://"+path); !errors.Is(err, errAddrInUse) || !strings.Contains(err.Error(), path) {
		t.Errorf("listening beside a living kernel: %v", err)
	}

	notes := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(notes, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ListenRouter(t.Context(), "ipc://"+notes); err == nil || !strings.Contains(err.Error(), "not a socket") {
		t.Errorf("listening on a text file: %v", err)
	}
	if text, err := os.ReadFile(notes); string(text) != "mine" {
		t.Errorf("the text file is now %q, %v", text, err)
	}
}

// TestDialEnds: Dial is bounded by its context and, where the other side says
// nothing, by the time for the handshake.
func TestDialEnds(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		conn, err := silent.Accept()
		if err == nil {
			defer conn.Close()
		}
		cancel()
		<-t.Context().Done()
	}()
	if _, err := Dial(ctx, "tcp://"+silent.Addr().String(), Dealer); !errors.Is(err, context.Canceled) {
		t.Errorf("Dial of a silent server: %v", err)
	}
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		defer server.Close()
		start := time.Now()
		if _, err := openPeer(client, "DEALER", nil, ofMessages()); err == nil {
			t.Error("a handshake with nobody succeeded")
		}
		if took := time.Since(start); took != handshakeTime {
			t.Errorf("the handshake was given up after %s", took)
		}
	})
}
