// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"encoding/json"
	"errors"
	"log/slog"
	"unicode/utf8"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/kernel/zmtp"
)

// iopub publishes messages to all clients, in one order for all of them. It
// is safe for concurrent use: each caller names the parent of its messages,
// there is no current one.
type iopub struct {
	send    func(frames [][]byte) error
	session *wire.Session
	log     *slog.Logger
	pace    *pace // of the output of cells; may be nil
}

// publish sends content under parent; nil stands for no parent. The error
// tells that content cannot be encoded. A client that does not take its
// messages is the publisher's concern.
func (p *iopub) publish(parent *wire.Message, content wire.Content) error {
	m, err := p.session.Message(content, parent)
	if err != nil {
		p.log.Error("cannot encode a message", "type", content.MsgType(), "error", err)
		return err
	}
	m.Identities = [][]byte{[]byte("kernel." + p.session.ID() + "." + content.MsgType())}
	switch err := p.send(p.session.Frames(m)); {
	case errors.Is(err, zmtp.ErrClosed): // the kernel's end: nobody listens any more
	case err != nil:
		p.log.Warn("message not published", "type", content.MsgType(), "error", err)
	}
	return nil
}

// status publishes the execution state that parent brings about.
func (p *iopub) status(parent *wire.Message, state string) {
	_ = p.publish(parent, wire.Status{ExecutionState: state})
}

// publishData publishes what build makes of data. A value of a bundle that is
// not JSON, which is a fault of the backend, is sent as a string: output is
// never lost.
func (p *iopub) publishData(parent *wire.Message, data, metadata MIMEBundle, build func(data, metadata MIMEBundle) wire.Content) {
	if p.publish(parent, build(data, metadata)) != nil {
		_ = p.publish(parent, build(quoteInvalid(data), quoteInvalid(metadata)))
	}
}

// quoteInvalid returns bundle with what is no JSON made a string. It is never
// nil.
func quoteInvalid(bundle MIMEBundle) MIMEBundle {
	sound := make(MIMEBundle, len(bundle))
	for mime, value := range bundle {
		if !json.Valid(value) {
			// A string can always be encoded.
			value, _ = json.Marshal(string(value))
		}
		sound[mime] = value
	}
	return sound
}

// welcome makes the iopub_welcome that answers a subscription to topic, by
// which a client knows that it misses nothing from now on.
func welcome(session *wire.Session) func(topic []byte) [][]byte {
	return func(topic []byte) [][]byte {
		if !utf8.Valid(topic) {
			return nil
		}
		m, err := session.Message(wire.IopubWelcome{Subscription: string(topic)}, nil)
		if err != nil {
			return nil
		}
		m.Identities = [][]byte{topic}
		return session.Frames(m)
	}
}
