// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel_test

import (
	"context"
	"fmt"

	"github.com/livy-kernel/livy-kernel/kernel"
)

// evaluator is an echoBackend that evaluates expressions.
type evaluator struct{ *echoBackend }

func (b evaluator) Evaluate(ctx context.Context, cell kernel.Cell, expression string) (data, metadata kernel.MIMEBundle, err error) {
	switch expression {
	case "fail":
		return nil, nil, &kernel.CellError{EName: "NameError", EValue: "no such name"}
	case "panic":
		panic("oops")
	case "notjson":
		return kernel.MIMEBundle{"text/plain": []byte("{")}, nil, nil
	case "nothing":
		return nil, nil, nil
	case "wait":
		b.begun <- expression
		<-ctx.Done()
		return nil, nil, ctx.Err()
	}
	return text(fmt.Sprintf("%s after %s [%d]", expression, cell.Code, cell.ExecutionCount)), nil, nil
}
