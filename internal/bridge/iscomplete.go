// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/bridge/syntax"
	"github.com/livy-kernel/livy-kernel/kernel"
)

// IsComplete tells whether code can be run as it stands, by the rules of its
// language.
func (b *Bridge) IsComplete(code string) kernel.Completeness {
	m, body, ok := splitMagic(code)
	if ok && m.kindOf() == "" && !m.ofInterpreter() {
		if m.name == "configure" {
			return syntax.JSON(m.args + body)
		}
		return kernel.Completeness{Status: "complete"}
	}
	if ok && m.args == "" && strings.TrimSpace(body) == "" && !m.ofInterpreter() {
		return kernel.Completeness{Status: "incomplete"}
	}
	kind, blanked := b.languageOf(code)
	return syntax.Check(kind, blanked)
}
