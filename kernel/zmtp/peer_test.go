// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTrap06Ping: a PING is answered by a PONG with its context and is no
// message, between messages and within one.
func TestTrap06Ping(t *testing.T) {
	for _, port := range ports() {
		t.Run(port.name, func(t *testing.T) {
			addr := port.listen(t)
			for _, context := range []string{"", "abc", "sixteen bytes ok"} {
				peer := dialRaw(t, addr)
				peer.handshake(port.client)
				peer.write(command("PING", []byte("\x00\x64"+context)))
				flags, body := peer.readFrame()
				if want := "\x04PONG" + context; flags != flagCommand || string(body) != want {
					t.Errorf("answer to PING: flags %#x, %q, want %q", flags, body, want)
				}
				peer.write(command("PONG", nil))
				peer.write(command("WHATEVER", []byte("later versions may say more")))
				peer.write(frame(0, []byte("\x01ask")))
				if flags, _ := peer.readFrame(); flags&flagCommand != 0 {
					t.Errorf("a command came in place of a message")
				}
			}
		})
	}
}

func TestTrap06PingWithinMessage(t *testing.T) {
	r := echoRouter(t, anyPort)
	peer := dialRaw(t, r.Addr())
	peer.handshake("DEALER")
	peer.write(frame(flagMore, []byte("first")))
	peer.write(command("PING", []byte("\x00\x00")))
	if _, body := peer.readFrame(); string(body) != "\x04PONG" {
		t.Errorf("answer to PING: %q", body)
	}
	peer.write(frame(0, []byte("second")))
	for _, want := range []string{"first", "second"} {
		if _, body := peer.readFrame(); string(body) != want {
			t.Errorf("got %q, want %q", body, want)
		}
	}
}

// TestTrap08SameIdentity: of two peers with one identity, the one that asked
// gets the reply, and the other nothing.
func TestTrap08SameIdentity(t *testing.T) {
	r := echoRouter(t, anyPort)
	identity := []byte("twin\x00\xff\x80") // not UTF-8, as allowed
	asker := dial(t, r.Addr(), Dealer, WithIdentity(identity))
	twin := dial(t, r.Addr(), Dealer, WithIdentity(identity))
	for i := range 100 {
		if err := asker.Send(t.Context(), frames("for the asker", fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
		if _, err := asker.Recv(testContext(t)); err != nil {
			t.Fatal(err)
		}
	}
	if err := twin.Send(t.Context(), frames("for the twin")); err != nil {
		t.Fatal(err)
	}
	got, err := twin.Recv(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(frames("for the twin"), got); diff != "" {
		t.Errorf("the twin got another one's reply (-want +got):\n%s", diff)
	}
	asker.Close()
	twin.Close()
}

func TestTrap08Identity(t *testing.T) {
	r, err := ListenRouter(t.Context(), anyPort)
	if err != nil {
		t.Fatal(err)
	}
	defer closeSocket(t, r)
	seen := make(map[string]bool)
	for _, announced := range []string{"\x80\xff\x00binary", "plain", string(bytes.Repeat([]byte("l"), maxIdentity)), "", "", ""} {
		client := dial(t, r.Addr(), Dealer, WithIdentity([]byte(announced)))
		if err := client.Send(t.Context(), frames("hi")); err != nil {
			t.Fatal(err)
		}
		m := <-r.Messages()
		got := string(m.Peer.Identity())
		if announced != "" && got != announced {
			t.Errorf("identity %q became %q", announced, got)
		}
		if got == "" || seen[got] {
			t.Errorf("identity %q is empty or another one's", got)
		}
		seen[got] = true
		client.Close()
	}
}

// TestTrap10W15HeartbeatEchoesOddFrames: whatever a client sends comes back, with
// and without the delimiter of a REQ, empty frames included.
func TestTrap10W15HeartbeatEchoesOddFrames(t *testing.T) {
	h, err := ListenHeartbeat(t.Context(), anyPort)
	if err != nil {
		t.Fatal(err)
	}
	defer closeSocket(t, h)
	client := dial(t, h.Addr(), Dealer)
	defer client.Close()
	for _, sent := range [][][]byte{
		frames("", "ping"),
		frames("ping"),
		frames(""),
		frames("", ""),
		frames("a", "", "b", ""),
		frames("", "", "", "", "x"),
		{bytes.Repeat([]byte("ping"), 1<<16)},
	} {
		if err := client.Send(t.Context(), sent); err != nil {
			t.Fatal(err)
		}
		got, err := client.Recv(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(sent, got, bytes.Equal) {
			t.Errorf("%d frames came back changed as %d", len(sent), len(got))
		}
	}
}
