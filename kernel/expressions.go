// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package kernel

import (
	"context"
	"maps"
	"slices"

	"github.com/livy-kernel/livy-kernel/kernel/wire"
)

// evaluateAll evaluates the user_expressions of a cell that ended well, in the
// order of their names. Each has a result of its own, and none fails the cell.
func (e *executor) evaluateAll(life, ctx context.Context, out *output, expressions map[string]string) map[string]wire.ExpressionResult {
	results := make(map[string]wire.ExpressionResult, len(expressions))
	for _, name := range slices.Sorted(maps.Keys(expressions)) {
		results[name] = e.evaluate(life, ctx, out, expressions[name])
	}
	return results
}

func (e *executor) evaluate(life, ctx context.Context, out *output, expression string) wire.ExpressionResult {
	var data, metadata MIMEBundle
	err := error(&CellError{EName: "NotImplementedError", EValue: "this kernel does not evaluate user_expressions"})
	if evaluator, ok := e.backend.(Evaluator); ok {
		err = e.call(life, ctx, out, func() (err error) {
			data, metadata, err = evaluator.Evaluate(ctx, out.cell, expression)
			return err
		})
	}
	if err != nil {
		failure := errorContent(err, e.info)
		return wire.ExpressionResult{Status: wire.StatusError, ErrorContent: &failure}
	}
	return wire.ExpressionResult{Status: wire.StatusOK, Data: quoteInvalid(data), Metadata: quoteInvalid(metadata)}
}
