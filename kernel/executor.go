// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"encoding/json"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// executor serves the queue. All its fields but the queue belong to the
// goroutine of run.
type executor struct {
	*server
	queue *queue
	count int // execution_count of the last stored cell
	// previous is closed when the last call of the backend that a cell brought
	// about has returned.
	previous <-chan struct{}
}

func newExecutor(s *server) *executor {
	returned := make(chan struct{})
	close(returned)
	return &executor{server: s, queue: newQueue(), previous: returned}
}

// run serves requests until life ends. Code that waits then is aborted.
func (e *executor) run(life context.Context) {
	for r := e.queue.pop(life); r != nil; r = e.queue.pop(life) {
		e.serveNext(life, r)
	}
	for _, r := range e.queue.close() {
		r.aborted = true
		e.serveNext(life, r)
	}
}

func (e *executor) serveNext(life context.Context, r *request) {
	if r.Header.MsgType == "execute_request" {
		e.execute(life, r)
		return
	}
	ctx, done := e.queue.yielding(life)
	defer done()
	e.serve(ctx, r)
}

// execute serves one execute_request.
func (e *executor) execute(life context.Context, r *request) {
	ctx, end := e.interrupt.begin(life)
	defer end()
	e.iopub.status(r.Message, wire.Busy)
	defer e.iopub.status(r.Message, wire.Idle)
	if r.aborted {
		r.answer(e.session, e.log, wire.ExecuteReply{Status: wire.StatusAborted, ExecutionCount: e.count})
		return
	}
	var content wire.ExecuteRequest
	if err := decode(r, &content); err != nil {
		r.answer(e.session, e.log, executeErrorReply(e.count, errorContent(err, e.info)))
		return
	}
	expressions, err := e.runCell(life, ctx, r, content)
	if err == nil {
		r.answer(e.session, e.log, wire.ExecuteReply{
			Status: wire.StatusOK, ExecutionCount: e.count,
			UserExpressions: expressions, Payload: []json.RawMessage{},
		})
		return
	}
	failure := errorContent(err, e.info)
	if !content.Silent {
		if content.StopOnError {
			e.queue.abort()
		}
		_ = e.iopub.publish(r.Message, failure)
	}
	r.answer(e.session, e.log, executeErrorReply(e.count, failure))
}

func executeErrorReply(count int, failure wire.ErrorContent) wire.ExecuteReply {
	return wire.ExecuteReply{
		Status:          wire.StatusError,
		ExecutionCount:  count,
		UserExpressions: map[string]wire.ExpressionResult{},
		Payload:         []json.RawMessage{},
		ErrorContent:    &failure,
	}
}
