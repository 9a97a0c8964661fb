// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"strings"

	"github.com/livy-kernel/livy-kernel/kernelspec"
	"github.com/livy-kernel/livy-kernel/livy"
)

// parseKinds reads --kinds.
func parseKinds(names []string) ([]livy.Kind, error) {
	var kinds []livy.Kind
	for _, name := range names {
		kind := livy.Kind(strings.TrimSpace(name))
		switch {
		case kind == livy.KindSparkR:
			return nil, usage("--kinds: sparkr is not built yet; allowed: %s", strings.Join(kindNames(kernelspec.Kinds()), ", "))
		case !slices.Contains(kernelspec.Kinds(), kind):
			return nil, usage("--kinds: there is no kind %q; allowed: %s", kind, strings.Join(kindNames(kernelspec.Kinds()), ", "))
		case !slices.Contains(kinds, kind):
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		return nil, usage("--kinds is empty; allowed: %s", strings.Join(kindNames(kernelspec.Kinds()), ", "))
	}
	return kinds, nil
}

func kindNames(kinds []livy.Kind) []string {
	var names []string
	for _, kind := range kinds {
		names = append(names, string(kind))
	}
	return names
}
