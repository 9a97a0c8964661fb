// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package freeport listens on ports that no program is given by chance. One
// stays nobody's between the choice of it and its use, as in a connection file,
// and after its program was killed: who connects then is refused, and sends
// its token and its code to no other program.
package freeport

import (
	"math/rand/v2"
	"net"
	"strconv"
)

// The ports lie below those that Linux, macOS and Windows hand out.
const first, last = 20000, 32767

// Where many in a row are taken, any free port has to do.
const tries = 100

// Listen takes a free port of the loopback interface.
func Listen() (net.Listener, error) {
	for range tries {
		port := first + rand.IntN(last-first+1) //nolint:gosec // a port is no secret
		if l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			return l, nil
		}
	}
	return net.Listen("tcp", "127.0.0.1:0")
}
