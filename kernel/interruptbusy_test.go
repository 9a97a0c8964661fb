// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/kernel/zmtp"
)

// C2: an interrupt that comes as soon as the cell is known to be busy is not
// lost, although the backend has not begun.
func TestC2InterruptAtBusy(t *testing.T) {
	info := ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", Key: "k", SignatureScheme: wire.SignatureScheme}
	k, err := Listen(t.Context(), info)
	if err != nil {
		t.Fatal(err)
	}
	publish := k.iopub.send
	k.iopub.send = func(frames [][]byte) error {
		if strings.Contains(string(frames[len(frames)-1]), wire.Busy) {
			k.Interrupt()
		}
		return publish(frames)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error)
	go func() { served <- k.Serve(ctx, stuck{}) }()
	shell, err := zmtp.Dial(t.Context(), k.Connection().Address(k.Connection().ShellPort), zmtp.Dealer)
	if err != nil {
		t.Fatal(err)
	}
	session := wire.NewSession([]byte("k"), "u")
	m, err := session.Message(wire.ExecuteRequest{Code: "x"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := shell.Send(t.Context(), session.Frames(m)); err != nil {
		t.Fatal(err)
	}
	patience, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	frames, err := shell.Recv(patience)
	if err != nil {
		t.Fatal(err)
	}
	if reply := string(frames[len(frames)-1]); !strings.Contains(reply, keyboardInterrupt) {
		t.Error(reply)
	}
	_ = shell.Close()
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// stuck is a backend whose cells end by an interrupt alone.
type stuck struct{ Backend }

func (stuck) Execute(ctx context.Context, _ Cell, _ Sink) error {
	<-ctx.Done()
	return ctx.Err()
}

func (stuck) Info() Info { return Info{} }

func (stuck) Close(context.Context, bool) error { return nil }
