// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/livy"
)

var _ kernel.Evaluator = (*Bridge)(nil)

// Evaluate implements kernel.Evaluator: the expression is a statement of its
// own, in the language of the cell. It starts no session, and has nowhere to ask
// anybody to sign in.
func (b *Bridge) Evaluate(ctx context.Context, cell kernel.Cell, expression string) (data, metadata kernel.MIMEBundle, err error) {
	s := b.session()
	if s == nil || !s.started() || s.err != nil {
		return nil, nil, newError("Error", "there is no session to evaluate it in", nil)
	}
	cell.Code = strings.SplitAfter(cell.Code, "\n")[0] // for its magic
	kind, _, err := b.statementOf(cell)
	if err != nil {
		return nil, nil, err
	}
	var seen catcher
	if err := b.run(ctx, s, livy.StatementRequest{Code: expression, Kind: kind}, &seen); err != nil {
		return nil, nil, err
	}
	if seen.result != nil {
		return seen.result, seen.metadata, nil
	}
	return render.Text(strings.TrimSuffix(seen.text.String(), "\n")), kernel.MIMEBundle{}, nil
}

// catcher is a Sink that keeps what a statement returns. What is shown while it
// runs is nobody's.
type catcher struct {
	text             strings.Builder
	result, metadata kernel.MIMEBundle
}

func (c *catcher) Stream(_, text string)                   { c.text.WriteString(text) }
func (c *catcher) Result(data, metadata kernel.MIMEBundle) { c.result, c.metadata = data, metadata }
func (c *catcher) Display(kernel.Display)                  {}
func (c *catcher) UpdateDisplay(kernel.Display)            {}
func (c *catcher) ClearOutput(bool)                        {}
func (c *catcher) Input(context.Context, string, bool) (string, error) {
	return "", newError("Error", "an expression cannot ask for input", nil)
}
