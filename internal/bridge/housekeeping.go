// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"strings"

	"github.com/livy-kernel/livy-kernel/kernel"
)

// housekeeping reports whether a cell is code that VS Code runs in every Python
// kernel for its own purposes: when a notebook opens, for completion, for the
// list of variables. It means IPython, not Spark; on Spark it would start a
// session, and a bill, for a notebook that was only looked at.
func housekeeping(cell kernel.Cell) bool {
	if !unstored(cell) {
		return false
	}
	// The one without a name of VS Code's is all that it sends for a notebook
	// that has no file yet.
	for _, marker := range []string{"_VSCODE", "_VSCode_", "__vsc_", "__jupyter_exec_background__", "Completer.use_jedi"} {
		if strings.Contains(cell.Code, marker) {
			return true
		}
	}
	return false
}

// unstored reports whether a cell is not one of the notebook's: a front-end
// sends such code by itself.
func unstored(cell kernel.Cell) bool { return !cell.StoreHistory && cell.CellID == "" }

// Bounds of what is held back until the first cell.
const (
	maxHeldCells = 16
	maxHeldBytes = 256 << 10
)

// hold keeps unmarked code that a front-end sends when a notebook opens
// (VS Code's jupyter.runStartupCommands). It is the user's, and runs right
// before the first cell; but opening a notebook starts no session. It reports
// false where there is no more room.
func (b *Bridge) hold(cell kernel.Cell) bool {
	size := len(cell.Code)
	for _, h := range b.held {
		size += len(h.Code)
	}
	if len(b.held) >= maxHeldCells || size > maxHeldBytes {
		return false
	}
	b.held = append(b.held, cell)
	return true
}
