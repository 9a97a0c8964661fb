// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"errors"
	"fmt"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// keyboardInterrupt is the name by which clients know an interrupted cell.
const keyboardInterrupt = "KeyboardInterrupt"

// errorContent is what a user sees of err: a *CellError as it stands, anything
// else as a fault of the kernel.
func errorContent(err error, info Info) wire.ErrorContent {
	var cell *CellError
	if !errors.As(err, &cell) {
		cell = &CellError{
			EName:  "KernelInternalError",
			EValue: fmt.Sprintf("%v (%s %s; the log has more)", err, info.Implementation, info.ImplementationVersion),
		}
	}
	content := wire.ErrorContent{EName: cell.EName, EValue: cell.EValue, Traceback: cell.Traceback}
	if len(content.Traceback) > 0 {
		return content
	}
	content.Traceback = []string{"\x1b[31m" + cell.EName + "\x1b[0m: " + cell.EValue}
	if info.Explain != nil {
		if line := info.Explain(cell.EName); line != "" {
			content.Traceback = append(content.Traceback, line)
		}
	}
	return content
}

// interruptedError words the end of a cell by its context, where the backend
// left that to the kernel.
func interruptedError(ctx context.Context, err error) error {
	var cell *CellError
	if ctx.Err() == nil || errors.As(err, &cell) {
		return err
	}
	cause := context.Cause(ctx)
	if !errors.Is(err, cause) && !errors.Is(err, context.Canceled) {
		return err
	}
	if errors.Is(cause, ErrShutdown) {
		return &CellError{EName: keyboardInterrupt, EValue: "the kernel is shutting down"}
	}
	return &CellError{EName: keyboardInterrupt, EValue: "the cell was interrupted"}
}
