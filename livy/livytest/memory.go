// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"net/http"

	"github.com/livy-kernel/livy-kernel/livy/server"
)

// InMemory makes a server without a port, which clients reach by
// [Server.Transport] alone: a bubble of testing/synctest can hold it. It has
// no TLS, no Client, and no connections to reset.
func InMemory() Option { return func(s *Server) { s.inMemory = true } }

// memoryURL is where a server without a port seems to be.
const memoryURL = "http://127.0.0.1"

// Transport reaches a server that is InMemory; it is nil for others.
func (s *Server) Transport() http.RoundTripper {
	if s.memory == nil {
		return nil
	}
	return s.memory
}

// listenInMemory serves handler to s.memory.
func (s *Server) listenInMemory(handler http.Handler) {
	s.memory = server.NewTransport(handler)
	s.URL = memoryURL
}
