// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/render"
	"github.com/livy-kernel/livy-kernel/kernel"
	"github.com/livy-kernel/livy-kernel/kernel/wire"
	"github.com/livy-kernel/livy-kernel/livy"
)

// Limits of the code that is kept to show errors in.
const (
	maxEarlier     = 100
	maxEarlierCode = 64 << 10 // bytes of one cell
)

// failures lays out the errors of the user's code. It belongs to the executor.
type failures struct {
	source render.Source // the statement that runs
	last   render.Error  // what %tb shows
	whole  bool          // %tb full was asked for
}

// begin notes the statement that is about to run.
func (f *failures) begin(request livy.StatementRequest) {
	if f.source.Kind == livy.KindPySpark && strings.Contains(f.source.Code, "def ") && len(f.source.Code) <= maxEarlierCode {
		f.source.Earlier = append(f.source.Earlier, f.source.Code)
		f.source.Earlier = f.source.Earlier[max(0, len(f.source.Earlier)-maxEarlier):]
	}
	f.source.Kind, f.source.Code = request.Kind, request.Code
	if query, ok := queryOf(request.Code); ok {
		f.source.Kind, f.source.Code = livy.KindSQL, query
	}
}

// of returns the error of a statement, folded unless the user wants it whole;
// nil where out holds none.
func (f *failures) of(out livy.Output) *kernel.CellError {
	e, ok := f.source.Failure(out)
	if !ok {
		return nil
	}
	f.last = e
	if f.whole {
		return e.Full
	}
	return e.Short
}

// show is the magic %tb: the last error whole, and which form the next have.
func (f *failures) show(m magic, sink kernel.Sink) error {
	switch m.args {
	case "":
		if f.last.Full == nil {
			sink.Stream(wire.Stdout, "No cell has failed on Spark yet.\n")
			return nil
		}
		sink.Stream(wire.Stdout, strings.Join(f.last.Full.Traceback, "\n")+"\n")
	case "full":
		f.whole = true
		sink.Stream(wire.Stdout, "Errors are shown whole from now on; %tb short folds them again.\n")
	case "short":
		f.whole = false
		sink.Stream(wire.Stdout, "Errors are folded from now on; %tb shows the last one whole.\n")
	default:
		return magicOptions(m)
	}
	return nil
}
