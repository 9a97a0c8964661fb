// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kerneltest_test

import (
	"context"
	"encoding/json"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/kerneltest"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/kernel/zmtp"
)

// plain is a kernel of another make: it welcomes nobody, copies the session of
// the client into its headers, and leaves out the date.
type plain struct {
	session *wire.Session
	routers []*zmtp.Router
	iopub   *zmtp.Publisher
	beats   *zmtp.Heartbeat
}

func newPlain(t *testing.T) (*plain, kernel.ConnectionInfo) {
	t.Helper()
	const anyPort = "tcp://127.0.0.1:0"
	k := &plain{session: wire.NewSession([]byte("k"), "plain")}
	info := kernel.ConnectionInfo{Transport: "tcp", IP: "127.0.0.1", Key: "k", SignatureScheme: wire.SignatureScheme}
	for _, port := range []*int{&info.ShellPort, &info.ControlPort, &info.StdinPort} {
		r, err := zmtp.ListenRouter(t.Context(), anyPort)
		if err != nil {
			t.Fatal(err)
		}
		k.routers, *port = append(k.routers, r), portOf(t, r.Addr())
	}
	var err error
	if k.iopub, err = zmtp.ListenPublisher(t.Context(), anyPort, nil); err != nil {
		t.Fatal(err)
	}
	if k.beats, err = zmtp.ListenHeartbeat(t.Context(), anyPort); err != nil {
		t.Fatal(err)
	}
	info.IOPubPort, info.HBPort = portOf(t, k.iopub.Addr()), portOf(t, k.beats.Addr())
	t.Cleanup(func() {
		sockets := []interface{ Close(context.Context) error }{k.iopub, k.beats}
		for _, r := range k.routers {
			sockets = append(sockets, r)
		}
		for _, s := range sockets {
			if err := s.Close(context.Background()); err != nil {
				t.Error(err)
			}
		}
	})
	return k, info
}

func portOf(t *testing.T, addr string) int {
	t.Helper()
	_, port, err := net.SplitHostPort(strings.TrimPrefix(addr, "tcp://"))
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// frames are a message as this kernel makes it.
func (k *plain) frames(t *testing.T, content wire.Content, parent *wire.Message) [][]byte {
	t.Helper()
	m, err := k.session.Message(content, parent)
	if err != nil {
		t.Fatal(err)
	}
	m.RawHeader, err = json.Marshal(struct {
		ID      string `json:"msg_id"`
		Type    string `json:"msg_type"`
		Session string `json:"session"`
	}{m.Header.MsgID, m.Header.MsgType, parent.Header.Session})
	if err != nil {
		t.Fatal(err)
	}
	return k.session.Frames(m)
}

// The client works with kernels of other makes, and with what they leave out.
func TestOtherKernel(t *testing.T) {
	k, info := newPlain(t)
	client, err := kerneltest.Dial(t.Context(), info)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	<-k.iopub.Subscribed()
	sent, err := client.Send(t.Context(), kerneltest.Shell, wire.KernelInfoRequest{})
	if err != nil {
		t.Fatal(err)
	}
	received := <-k.routers[0].Messages()
	request, err := k.session.Parse(received.Frames)
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{wire.Busy, wire.Idle} {
		if err := k.iopub.Publish(t.Context(), k.frames(t, wire.Status{ExecutionState: state}, request)); err != nil {
			t.Fatal(err)
		}
	}
	if err := received.Peer.Send(k.frames(t, wire.KernelInfoReply{Status: wire.StatusOK}, request)); err != nil {
		t.Fatal(err)
	}
	x, err := client.Wait(t.Context(), sent, kerneltest.Exchange.Served)
	if err != nil || x.Channel != kerneltest.Shell || x.Replies != 1 || strings.Join(x.Types(), " ") != "busy idle" {
		t.Errorf("%+v, %v", x, err)
	}
	if x.Reply != nil && x.Reply.Header.Session != client.Session().ID() {
		t.Errorf("the session is %q", x.Reply.Header.Session)
	}
}
