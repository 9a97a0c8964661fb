// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

// Package wire turns the bytes of Jupyter's messaging protocol into messages
// and back: framing, signatures, and one typed struct per message content.
// It knows no sockets and starts no goroutines.
//
// Names are those of the specification,
// https://jupyter-client.readthedocs.io/en/stable/messaging.html.
//
// A [Session] stands for one end of the conversation. Parse checks the
// signature before it looks at any JSON, so bytes that were not signed with
// the connection's key reach nothing but a hash function.
package wire
