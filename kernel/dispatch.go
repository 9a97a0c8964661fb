// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/kernel/zmtp"
)

// receive accepts the requests of one channel until the kernel's end. What was
// not signed with the key of the connection, or seen before, leaves a line in
// the log and nothing else. So do the kernel's own messages: whoever listens to
// iopub has them with good signatures, and may send them back.
func (s *server) receive(life context.Context, messages <-chan zmtp.Received, control bool) {
	for {
		select {
		case r, open := <-messages:
			if !open {
				return
			}
			s.accept(life, r, control)
		case <-s.ending:
			return
		}
	}
}

func (s *server) accept(life context.Context, r zmtp.Received, control bool) {
	m, err := s.session.Parse(r.Frames)
	if err == nil && m.Header.Session == s.session.ID() {
		err = fmt.Errorf("%w: it is the kernel's own", wire.ErrReplay)
	}
	if err != nil {
		s.dropped(err)
		return
	}
	s.awaitStart()
	s.route(life, newRequest(m, r), control)
}

// maxDropWarnings keeps a local stranger from filling the log's disk.
const maxDropWarnings = 100

// dropped notes a message that has no effect.
func (s *server) dropped(err error) {
	switch n := s.drops.Add(1); {
	case n < maxDropWarnings:
		s.log.Warn("message dropped", "error", err)
	case n == maxDropWarnings:
		s.log.Warn("message dropped; further ones are logged at debug level", "error", err)
	default:
		s.log.Debug("message dropped", "error", err)
	}
}

// route decides who serves a request. Code runs in the executor, whatever
// channel it came by. Control answers all else at once, and so does shell what
// must overtake a running cell. What asks the backend does not hold control up.
func (s *server) route(life context.Context, r *request, control bool) {
	switch t := r.Header.MsgType; {
	case t == "shutdown_request":
		s.shutdown(r)
	case t == "execute_request", !control && t != "interrupt_request":
		if err := s.executor.queue.push(r); err != nil {
			s.refuse(r, err)
		}
	case t == "complete_request", t == "inspect_request":
		s.serving.Go(func() { s.serve(life, r) })
	default:
		s.serve(life, r)
	}
}

// serve answers any request but execute_request and shutdown_request.
func (s *server) serve(ctx context.Context, r *request) {
	s.iopub.status(r.Message, wire.Busy)
	defer s.iopub.status(r.Message, wire.Idle)
	if reply := s.handleSafely(ctx, r); reply != nil {
		r.answer(s.session, s.log, reply)
	}
}

// handleSafely makes an error reply of a panic.
func (s *server) handleSafely(ctx context.Context, r *request) (reply wire.Content) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("handler panicked", "type", r.Header.MsgType, "panic", p, "stack", string(debug.Stack()))
			reply = s.errorReply(r, fmt.Errorf("panic: %v", p))
		}
	}()
	reply, err := s.handle(ctx, r)
	if err != nil {
		return s.errorReply(r, err)
	}
	return reply
}

// handle knows the request types. A nil reply is none: comm messages have no
// reply, and what a kernel does not know it does not answer.
func (s *server) handle(ctx context.Context, r *request) (wire.Content, error) {
	switch r.Header.MsgType {
	case "kernel_info_request":
		return s.kernelInfo(), nil
	case "is_complete_request":
		return s.isComplete(r)
	case "complete_request":
		return s.complete(ctx, r)
	case "inspect_request":
		return s.inspect(ctx, r)
	case "history_request":
		return s.findHistory(r)
	case "comm_info_request":
		return wire.CommInfoReply{Status: wire.StatusOK}, nil
	case "comm_open":
		return nil, s.refuseComm(r)
	case "interrupt_request":
		s.Interrupt()
		return wire.InterruptReply{Status: wire.StatusOK}, nil
	}
	s.log.Debug("request of unknown type", "type", r.Header.MsgType)
	return nil, nil
}

// errorReply words err as the reply to r, or as none where r has no reply.
func (s *server) errorReply(r *request, err error) wire.Content {
	if !isRequest(r) {
		s.log.Warn("message not served", "type", r.Header.MsgType, "error", err)
		return nil
	}
	failure := errorContent(err, s.info)
	if r.Header.MsgType == "execute_request" {
		return executeErrorReply(0, failure)
	}
	return wire.ErrorReply{
		RequestType:  r.Header.MsgType,
		Status:       wire.StatusError,
		ErrorContent: failure,
	}
}

// refuse answers what the executor takes no more: its queue is full, or the
// kernel is shutting down.
func (s *server) refuse(r *request, err error) {
	s.iopub.status(r.Message, wire.Busy)
	defer s.iopub.status(r.Message, wire.Idle)
	if reply := s.errorReply(r, err); reply != nil {
		r.answer(s.session, s.log, reply)
	}
}

// shutdown answers at once and then ends Serve. The same content goes to all
// clients on iopub.
func (s *server) shutdown(r *request) {
	var content wire.ShutdownRequest
	if err := r.Decode(&content); err != nil {
		s.log.Warn("shutdown_request without readable content", "error", err)
	}
	reply := wire.ShutdownReply{Status: wire.StatusOK, Restart: content.Restart}
	s.iopub.status(r.Message, wire.Busy)
	r.answer(s.session, s.log, reply)
	_ = s.iopub.publish(r.Message, reply)
	s.iopub.status(r.Message, wire.Idle)
	if content.Restart {
		s.restart.Store(true)
	}
	s.stop(ErrShutdown)
}
