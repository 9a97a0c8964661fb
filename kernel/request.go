// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"log/slog"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/kernel/zmtp"
)

// request is a message that was accepted, and the peer that waits for the
// answer. It is answered on the channel that it came by, since peer is a
// connection of that channel.
type request struct {
	*wire.Message
	peer    *zmtp.Peer
	size    int  // bytes of all frames
	aborted bool // set by the queue when an error stopped what was waiting
}

func newRequest(m *wire.Message, r zmtp.Received) *request {
	size := 0
	for _, f := range r.Frames {
		size += len(f)
	}
	return &request{Message: m, peer: r.Peer, size: size}
}

// answer sends content to the peer that asked. A peer that has gone is no
// concern of the kernel.
func (r *request) answer(session *wire.Session, log *slog.Logger, content wire.Content) {
	m, err := session.Message(content, r.Message)
	if err != nil {
		log.Error("cannot encode a reply", "type", content.MsgType(), "error", err)
		return
	}
	if err := r.peer.Send(session.Frames(m)); err != nil {
		log.Debug("reply not sent", "type", content.MsgType(), "error", err)
	}
}
