// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package complete

import "strings"

// importsFrom learns from what stands behind "from".
func (ns names) importsFrom(ts []token) {
	var module strings.Builder
	for i, t := range ts {
		if t.text == "import" {
			ns.imports(ts[i+1:], module.String())
			return
		}
		module.WriteString(t.text)
	}
}

// imports learns from what stands behind "import": paths with the names that
// they are bound to, within the module if there is one.
func (ns names) imports(ts []token, module string) {
	for len(ts) > 0 {
		path := ""
		for len(ts) > 0 && (ts[0].names() || ts[0].is(".")) {
			path += ts[0].text
			ts = ts[1:]
		}
		as := path
		if len(ts) > 1 && ts[0].text == "as" {
			as, ts = ts[1].text, ts[2:]
		} else if module == "" {
			as, _, _ = strings.Cut(path, ".")
			path = as
		}
		if len(ts) > 0 {
			ts = ts[1:] // a comma or a bracket
		}
		if as == "" || len(ns) >= maxNames {
			continue
		}
		bound := name{text: "import " + path}
		if module != "" {
			bound.text = "from " + module + " import " + path
			path = module + "." + path
		}
		bound.value = pyspark().imported(path)
		ns[as] = bound
	}
}
