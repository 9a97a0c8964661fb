// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

const (
	// interruptPatience is how long an interrupted cell may take to end. VS
	// Code offers to restart the kernel after 10 s.
	interruptPatience = 8 * time.Second
	// shutdownPatience is how long a cell may take to end at the kernel's end.
	shutdownPatience = 500 * time.Millisecond
)

// runCell runs the code of one request, and evaluates its user_expressions when
// it ended well. All output is published when it returns.
func (e *executor) runCell(life, ctx context.Context, r *request, content wire.ExecuteRequest) (map[string]wire.ExpressionResult, error) {
	blank := strings.TrimSpace(content.Code) == ""
	if content.StoreHistory && !blank {
		e.count++
	}
	if !content.Silent {
		_ = e.iopub.publish(r.Message, wire.ExecuteInput{Code: content.Code, ExecutionCount: e.count})
	}
	cell := e.newCell(r, content)
	behind, done := e.queue.yielding(ctx)
	defer done()
	cell.Waiting = behind.Done()
	out := &output{iopub: e.iopub, stdin: e.stdin, request: r, cell: cell, interrupted: ctx.Done(), ended: make(chan struct{})}
	var err error
	if !blank {
		err = e.call(life, ctx, out, func() error { return e.backend.Execute(ctx, cell, out) })
	}
	result := out.close()
	if content.StoreHistory && !blank {
		e.history.add(e.count, content.Code, result)
	}
	if err != nil {
		return nil, err
	}
	return e.evaluateAll(life, ctx, out, content.UserExpressions), nil
}

func (e *executor) newCell(r *request, content wire.ExecuteRequest) Cell {
	var metadata wire.ExecuteMetadata
	if err := json.Unmarshal(r.Metadata, &metadata); err != nil {
		e.log.Debug("metadata of execute_request not understood", "error", err)
	}
	return Cell{
		MsgID:          r.Header.MsgID,
		Code:           content.Code,
		Silent:         content.Silent,
		StoreHistory:   content.StoreHistory,
		AllowStdin:     content.AllowStdin,
		ExecutionCount: e.count,
		CellID:         metadata.CellID,
		LanguageID:     metadata.VSCode.LanguageID,
	}
}

// call has the backend run and waits for the end, but not for ever once the
// cell is to end.
func (e *executor) call(life, ctx context.Context, out *output, run func() error) error {
	if err := e.awaitPrevious(ctx, out); err != nil {
		return err
	}
	result, returned := make(chan error, 1), make(chan struct{})
	e.previous = returned
	go func() {
		err := e.safely(run)
		close(returned) // before the result, which lets the next call begin
		result <- err
	}()
	return interruptedError(ctx, await(life, ctx, result))
}

// awaitPrevious waits for a call that did not return in time when it was
// interrupted: the backend runs one at a time.
func (e *executor) awaitPrevious(ctx context.Context, out *output) error {
	select {
	case <-e.previous:
		return nil
	default:
	}
	out.Stream(wire.Stderr, "Waiting for the interrupted cell before this one to end.\n")
	select {
	case <-e.previous:
		return nil
	case <-ctx.Done():
		return interruptedError(ctx, ctx.Err())
	}
}

// await returns what came of a cell. When the cell is to end and does not, it
// gives up on it.
func await(life, cell context.Context, result <-chan error) error {
	select {
	case err := <-result:
		return err
	case <-cell.Done():
	}
	select {
	case err := <-result:
		return err
	case <-life.Done():
	case <-time.After(interruptPatience):
		return stillRunning(interruptPatience)
	}
	select {
	case err := <-result:
		return err
	case <-time.After(shutdownPatience):
		return stillRunning(shutdownPatience)
	}
}

func stillRunning(waited time.Duration) error {
	return &CellError{
		EName:  keyboardInterrupt,
		EValue: fmt.Sprintf("the cell did not end within %v of the interrupt; what it started may still be running", waited),
	}
}

// safely makes an error of a panic.
func (e *executor) safely(run func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			e.log.Error("backend panicked", "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return run()
}
