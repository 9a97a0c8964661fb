// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package zmtp

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
)

// hostile are the bytes of peers that mean harm or speak something else: what
// they send in place of a greeting, of READY, and of a message.
var hostile = []struct {
	name  string
	after string // what was sent properly before: "", "greeting" or "ready"
	bytes []byte
}{
	{"http", "", []byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")},
	{"tls", "", []byte("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")},
	{"ssh", "", []byte("SSH-2.0-OpenSSH_9.6\r\n")},
	{"zeros", "", make([]byte, 64)},
	{"half a signature", "", []byte("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x00")},
	{"zmtp 2", "", append([]byte("\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x01"), make([]byte, 53)...)},
	{"unknown mechanism", "", bytes.Replace(greeting(), []byte("NULL"), []byte("EVIL"), 1)},
	{"curve", "", bytes.Replace(greeting(), []byte("NULL\x00"), []byte("CURVE"), 1)},

	{"message before READY", "greeting", frame(0, []byte("hello"))},
	{"huge message before READY", "greeting", header(0, 1<<62)},
	{"command too long", "greeting", header(flagCommand, maxCommandBytes+1)},
	{"command of 2^62", "greeting", header(flagCommand, 1<<62)},
	{"command of 2^64-1", "greeting", header(flagCommand, math.MaxUint64)},
	{"empty command", "greeting", frame(flagCommand, nil)},
	{"command without name", "greeting", frame(flagCommand, []byte{0})},
	{"command name too long", "greeting", frame(flagCommand, []byte("\xffREADY"))},
	{"command with more", "greeting", frame(flagCommand|flagMore, []byte("\x05READY"))},
	{"not READY", "greeting", command("HELLO", nil)},
	{"ERROR", "greeting", command("ERROR", []byte("\x02no"))},
	{"reserved flags", "greeting", frame(0x80|flagCommand, []byte("\x05READY"))},
	{"no properties", "greeting", command("READY", nil)},
	{"property cut in its name", "greeting", command("READY", []byte("\x0bSock"))},
	{"property cut in its length", "greeting", command("READY", []byte("\x0bSocket-Type\x00\x00"))},
	{"property of 2^32-1", "greeting", command("READY", []byte("\x0bSocket-Type\xff\xff\xff\xff"))},
	{"property of 2^31", "greeting", command("READY", []byte("\x0bSocket-Type\x80\x00\x00\x00DEALER"))},
	{"property one too long", "greeting", command("READY", []byte("\x0bSocket-Type\x00\x00\x00\x07DEALER"))},
	{"property without name", "greeting", command("READY", property("", "x"))},
	{"property with odd name", "greeting", command("READY", property("Socket\x00Type", "DEALER"))},
	{"socket type in capitals", "greeting", command("READY", property("SOCKET-TYPE", "DEALER"))},
	{"socket type twice", "greeting", command("READY", append(property("Socket-Type", "DEALER"), property("socket-type", "X")...))},
	{"unknown socket type", "greeting", ready("TEAPOT")},
	{"wrong socket type", "greeting", ready("PUSH")},
	{"identity too long", "greeting", command("READY", append(property("Socket-Type", "DEALER"), property("Identity", strings.Repeat("i", 256))...))},
	{"nine properties", "greeting", command("READY", manyProperties(9))},

	{"2^62", "ready", header(0, 1<<62)},
	{"2^63", "ready", header(0, 1<<63)},
	{"2^64-1", "ready", header(flagMore, math.MaxUint64)},
	{"2^40", "ready", header(0, 1<<40)},
	{"65 MiB", "ready", header(0, 65<<20)},
	{"one byte above the limit", "ready", header(0, maxMessageBytes+1)},
	{"above the limit in two frames", "ready", append(frame(flagMore, []byte("x")), header(0, maxMessageBytes)...)},
	{"2^64-1 after a byte", "ready", append(frame(flagMore, []byte("x")), header(0, math.MaxUint64)...)},
	{"reserved bit 3", "ready", frame(0x08, []byte("x"))},
	{"reserved bit 7", "ready", frame(0x80, []byte("x"))},
	{"all bits", "ready", frame(0xFF, []byte("x"))},
	{"long command", "ready", header(flagCommand, maxCommandBytes+1)},
	{"nameless command", "ready", frame(flagCommand, []byte{0})},
	{"empty command later", "ready", frame(flagCommand, nil)},
	{"command with more later", "ready", frame(flagCommand|flagMore, []byte("\x04PING\x00\x00"))},
	{"PING without time", "ready", command("PING", []byte{1})},
	{"PING with long context", "ready", command("PING", make([]byte, 2+17))},
	{"too many frames", "ready", bytes.Repeat(frame(flagMore, []byte("x")), maxFrames+1)},
}

func manyProperties(n int) []byte {
	p := property("Socket-Type", "DEALER")
	for i := 1; i < n; i++ {
		p = append(p, property(fmt.Sprintf("X-%d", i), "")...)
	}
	return p
}

// port is one of the three listening sockets, and the type its clients have.
type port struct {
	name   string
	client string
	listen func(t *testing.T) string
}

func ports() []port {
	return []port{
		{"router", "DEALER", func(t *testing.T) string { return echoRouter(t, anyPort).Addr() }},
		{"heartbeat", "REQ", func(t *testing.T) string {
			h, err := ListenHeartbeat(t.Context(), anyPort)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { closeSocket(t, h) })
			return h.Addr()
		}},
		{"publisher", "SUB", func(t *testing.T) string {
			welcome := func([]byte) [][]byte { return frames("welcome") }
			p, err := ListenPublisher(t.Context(), anyPort, welcome)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { closeSocket(t, p) })
			return p.Addr()
		}},
	}
}

// works tells whether a well-behaved client is served at addr.
func (p port) works(t *testing.T, addr string) {
	t.Helper()
	peer := dialRaw(t, addr)
	peer.handshake(p.client)
	peer.write(frame(0, []byte("\x01ask"))) // to a publisher: subscribe
	if _, got := peer.readFrame(); string(got) != "\x01ask" && string(got) != "welcome" {
		t.Errorf("%s answers %q", p.name, got)
	}
}

// TestTrap01HostilePeer sends each pattern to each socket: the connection that
// sent it is closed, and the process serves the next one.
func TestTrap01HostilePeer(t *testing.T) {
	for _, port := range ports() {
		t.Run(port.name, func(t *testing.T) {
			addr := port.listen(t)
			for _, h := range hostile {
				t.Run(h.name, func(t *testing.T) {
					peer := dialRaw(t, addr)
					switch h.after {
					case "greeting":
						peer.greet()
					case "ready":
						peer.handshake(port.client)
					}
					_, _ = peer.conn.Write(h.bytes) // it may be closed midway
					peer.expectClosed()
				})
			}
			port.works(t, addr)
		})
	}
}

// TestW17Row06ForgedHeaderCostsNoMemory: a header that claims more than is allowed
// is refused before anything is allocated for it.
func TestW17Row06ForgedHeaderCostsNoMemory(t *testing.T) {
	r := echoRouter(t, anyPort)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, size := range []uint64{65 << 20, 1 << 30, 1 << 40, 1 << 62} {
		peer := dialRaw(t, r.Addr())
		peer.handshake("DEALER")
		peer.write(header(0, size))
		peer.expectClosed()
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 16<<20 {
		t.Errorf("four forged headers made the process allocate %d bytes", grown)
	}
}

// TestS5W17Row06LargestMessage: what is just within the limits passes.
func TestS5W17Row06LargestMessage(t *testing.T) {
	r := echoRouter(t, anyPort)
	client := dial(t, r.Addr(), Dealer)
	defer client.Close()
	for _, sent := range [][][]byte{
		{make([]byte, maxMessageBytes)},
		frames(make([]string, maxFrames)...),
	} {
		if err := client.Send(t.Context(), sent); err != nil {
			t.Fatal(err)
		}
		got, err := client.Recv(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(sent) || len(got[0]) != len(sent[0]) {
			t.Errorf("sent %d frames, the first of %d bytes; got %d, %d", len(sent), len(sent[0]), len(got), len(got[0]))
		}
	}
}

// TestS5Trap15EndlessMessage: a message whose frames never end is cut off by
// their number, or by their sum.
func TestS5Trap15EndlessMessage(t *testing.T) {
	for name, part := range map[string][]byte{
		"one-byte frames": frame(flagMore, []byte("x")),
		"1 MiB frames":    frame(flagMore, make([]byte, 1<<20)),
	} {
		t.Run(name, func(t *testing.T) {
			r, err := ListenRouter(t.Context(), anyPort)
			if err != nil {
				t.Fatal(err)
			}
			defer closeSocket(t, r)
			peer := dialRaw(t, r.Addr())
			peer.handshake("DEALER")
			sent := 0
			for ; err == nil; sent++ {
				_, err = peer.conn.Write(part)
			}
			peer.expectClosed()
		})
	}
}

// TestTrap14W16BadHandshakeIsQuiet: port scans are normal life and not a warning;
// a peer that was disconnected for what it sent is.
func TestTrap14W16BadHandshakeIsQuiet(t *testing.T) {
	var logged lockedBuffer
	r := echoRouter(t, anyPort, WithLogger(logged.logger()))
	for _, h := range hostile {
		if h.after != "" {
			continue
		}
		peer := dialRaw(t, r.Addr())
		_, _ = peer.conn.Write(h.bytes)
		peer.expectClosed()
	}
	peer := dialRaw(t, r.Addr())
	peer.handshake("DEALER")
	peer.write(header(0, 1<<62))
	peer.expectClosed()
	if err := r.Close(context.Background()); err != nil { // all has been logged then
		t.Fatal(err)
	}
	if got := strings.Count(logged.String(), "level=WARN"); got != 1 {
		t.Errorf("%d warnings, want the one of the forged header:\n%s", got, logged.String())
	}
	if !strings.Contains(logged.String(), "more than 67108864 bytes") {
		t.Errorf("the warning does not tell why:\n%s", logged.String())
	}
}

// TestTrap14WarningsAreBounded: whoever comes again and again does not fill the
// log.
func TestTrap14WarningsAreBounded(t *testing.T) {
	var logged lockedBuffer
	r := echoRouter(t, anyPort, WithLogger(logged.logger()))
	for range maxWarnings + 20 {
		peer := dialRaw(t, r.Addr())
		peer.handshake("DEALER")
		peer.write(header(0, 1<<62))
		peer.expectClosed()
		peer.conn.Close()
	}
	if err := r.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(logged.String(), "level=WARN"); got != maxWarnings {
		t.Errorf("%d warnings", got)
	}
}
