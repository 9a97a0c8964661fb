// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/lazyregexp"
	"github.com/livy-kernel/livy-kernel/kernel"
)

// notebookFile matches the line by which VS Code tells a kernel the notebook's
// file.
var notebookFile = lazyregexp.New(`__vsc_ipynb_file__\s*=\s*r?["']([^"'\n]+)["']`)

// shareName is what notebooks may call a shared session.
var shareName = lazyregexp.New(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// learnNotebook takes the notebook's identity from a cell, where the start of
// the kernel did not tell it: VS Code gives each cell a URI that begins with
// that of the file.
func (b *Bridge) learnNotebook(cell kernel.Cell) {
	name := ""
	if uri, _, ok := strings.Cut(cell.CellID, "#"); ok && strings.HasPrefix(uri, "vscode-notebook-cell:") {
		name = uri
	} else if found := notebookFile.Get().FindStringSubmatch(cell.Code); found != nil && unstored(cell) {
		name = "file:" + found[1]
	}
	if name == "" {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.notebook == "" {
		b.notebook = name
	}
}

// notebookName returns what names the notebook across kernels, or "".
func (b *Bridge) notebookName() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.notebook
}
