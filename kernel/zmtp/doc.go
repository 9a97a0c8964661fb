// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package zmtp is the ROUTER, the XPUB and the heartbeat socket of a Jupyter
// kernel, and a small dialling side for tests and tools. It carries byte
// frames over tcp and ipc and knows nothing of Jupyter.
//
// Greeting, NULL mechanism, metadata and framing (ZMTP 3.0, RFC 23) are those
// of zmq4's connection engine, zmq4.Open and zmq4.Conn. zmq4's own sockets are
// not used: there one silent, stalled or hostile connection stops or kills the
// process for everybody. Here every connection has
//
//   - a guard under the engine, which checks each frame header before the
//     engine allocates what the header claims;
//   - one reader goroutine, which does the handshake under a deadline, and
//   - one writer goroutine behind a bounded queue, under a deadline too.
//
// Whatever a connection does, it can only lose itself. None of this is
// authentication: bytes that arrive here are still anybody's.
package zmtp
