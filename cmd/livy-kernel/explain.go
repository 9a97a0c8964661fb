// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/livy-kernel/livy-kernel/docs"
)

// explain prints what the documents say of an error, where there is no
// network and no browser.
func (a *app) explain() *cobra.Command {
	return &cobra.Command{
		Use:     "explain [ERROR]",
		Short:   "say what an error of a cell means and what to do",
		Example: "  livy-kernel explain SessionLost",
		Args:    arguments(0, 1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return errorNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: command(func(_ context.Context, args []string) error {
			if len(args) == 0 {
				a.say("livy-kernel explain ERROR knows these:\n\n  %s", strings.Join(errorNames(), "\n  "))
				return nil
			}
			for name, text := range sections(docs.Troubleshooting) {
				if strings.EqualFold(name, args[0]) {
					a.say("%s\n\n%s", name, text)
					return nil
				}
			}
			return hint(usage("%q is no error of livy-kernel", args[0]), "livy-kernel explain lists them; other names are those of the code in the cell")
		}),
	}
}

// errorNames are the errors that have a section, in its order.
func errorNames() []string {
	var names []string
	for name := range sections(docs.Troubleshooting) {
		names = append(names, name)
	}
	return names
}

// sections yields heading and text of each section of the second level.
func sections(page string) func(yield func(heading, text string) bool) {
	return func(yield func(heading, text string) bool) {
		page, _, _ = strings.Cut("\n"+page, "\n# Without a name")
		for _, section := range strings.Split(page, "\n## ")[1:] {
			heading, text, _ := strings.Cut(section, "\n")
			if !yield(heading, strings.TrimSpace(text)) {
				return
			}
		}
	}
}
