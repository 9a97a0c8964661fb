// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import "strings"

// withoutHarmless returns code without the magics of IPython at its beginning
// that set up what is so here anyway: figures are shown without %matplotlib,
// and there is no extension to load. Notebooks that come from elsewhere begin
// with them. An empty line stays in the place of each.
func withoutHarmless(code string) string {
	for {
		m, body, ok := splitMagic(code)
		if !ok || !m.harmless() {
			return code
		}
		code = body
	}
}

// harmless reports whether a cell means the same without m.
func (m magic) harmless() bool {
	if m.sign != "%" {
		return false
	}
	switch m.name {
	case "matplotlib":
		return m.args == "" || m.args == "inline"
	case "load_ext", "reload_ext":
		return m.args == "autoreload" || strings.HasPrefix(m.args, "sparkmagic")
	case "autoreload":
		return true
	case "config":
		return strings.HasPrefix(m.args, "InlineBackend.")
	}
	return false
}
