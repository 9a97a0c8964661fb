// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/kernel/zmtp"
)

// stdinTime is how long a client that has sent a cell may take to connect to
// stdin: libzmq connects its sockets one after the other.
const stdinTime = 2 * time.Second

// stdin asks the clients, by input_request, for text that a cell waits for.
// Clients announce one identity for shell and stdin: by that the question goes
// to the one that sent the cell.
type stdin struct {
	session *wire.Session
	router  *zmtp.Router
	log     *slog.Logger
	dropped func(error) // told of messages that are not accepted

	mu      sync.Mutex
	waiting []*question
}

// question is an input_request that has not been answered.
type question struct {
	peer   *zmtp.Peer
	id     string // msg_id of the input_request
	cell   string // msg_id of the execute_request
	answer chan string
}

// inputRefused is the error of a question that cannot be put. Its name is the
// one that ipykernel has for it.
func inputRefused(why string) error {
	return &CellError{EName: "StdinNotImplementedError", EValue: "the cell asks for input, but " + why}
}

// ask puts a question to the client that sent cell and waits for the answer.
func (s *stdin) ask(ctx context.Context, cell *request, content wire.InputRequest) (string, error) {
	finding, cancel := context.WithTimeout(ctx, stdinTime)
	defer cancel()
	peer := s.router.Peer(finding, cell.peer.Identity())
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	if peer == nil {
		return "", inputRefused("the front-end has no connection to stdin")
	}
	m, err := s.session.Message(content, cell.Message)
	if err != nil {
		return "", fmt.Errorf("ask for input: %w", err)
	}
	q := &question{peer: peer, id: m.Header.MsgID, cell: cell.Header.MsgID, answer: make(chan string, 1)}
	s.add(q)
	defer s.remove(q)
	if err := peer.Send(s.session.Frames(m)); err != nil {
		return "", inputRefused("the front-end has gone")
	}
	select {
	case text := <-q.answer:
		return text, nil
	case <-peer.Gone():
		return "", inputRefused("the front-end has gone")
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

func (s *stdin) add(q *question) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(s.waiting, q)
}

func (s *stdin) remove(q *question) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = slices.DeleteFunc(s.waiting, func(other *question) bool { return other == q })
}

// receive hands answers to those who wait for them, until stdin is closed.
func (s *stdin) receive() {
	for r := range s.router.Messages() {
		m, err := s.session.Parse(r.Frames)
		if err != nil {
			s.dropped(err)
			continue
		}
		if m.Header.MsgType != "input_reply" || !s.answered(r.Peer, m) {
			s.log.Debug("message on stdin that nobody waits for", "type", m.Header.MsgType)
		}
	}
}

// answered gives an input_reply to the question that it answers, if there is
// one: put to this peer, and the parent of the reply. jupyter_client names no
// parent.
func (s *stdin) answered(peer *zmtp.Peer, reply *wire.Message) bool {
	var content wire.InputReply
	if err := reply.Decode(&content); err != nil {
		return false
	}
	var parent wire.Header
	_ = json.Unmarshal(reply.ParentHeader, &parent) // without one it stays empty
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.waiting {
		if q.peer == peer && slices.Contains([]string{"", q.id, q.cell}, parent.MsgID) {
			select {
			case q.answer <- content.Value:
				return true
			default: // a second answer
			}
		}
	}
	return false
}
