// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package hotpath

import (
	"testing"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// messages are the two directions of a message. One that is read has to be
// written first, since none is taken twice.
func messages(tb testing.TB) (read, write func()) {
	tb.Helper()
	client, session := wire.NewSession([]byte("the key"), "bench"), wire.NewSession([]byte("the key"), "bench")
	request, err := client.Message(wire.ExecuteRequest{Code: "x", StoreHistory: true}, nil)
	if err != nil {
		tb.Fatal(err)
	}
	read = func() {
		sent, err := client.Message(wire.ExecuteRequest{Code: "spark.range(3).show()", StoreHistory: true}, nil)
		if err != nil {
			tb.Fatal(err)
		}
		m, err := session.Parse(client.Frames(sent))
		if err != nil {
			tb.Fatal(err)
		}
		var content wire.ExecuteRequest
		if err := m.Decode(&content); err != nil {
			tb.Fatal(err)
		}
	}
	write = func() {
		m, err := session.Message(wire.Stream{Name: wire.Stdout, Text: "a line of output\n"}, request)
		if err != nil {
			tb.Fatal(err)
		}
		session.Frames(m)
	}
	return read, write
}

func BenchmarkMessage(b *testing.B) {
	read, write := messages(b)
	for name, f := range map[string]func(){"read": read, "write": write} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
	}
}
