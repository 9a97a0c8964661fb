// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/kernelspec"
)

// completion prints what a shell completes our commands by.
func (a *app) completion() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "print the completions for a shell: " + strings.Join(shells, ", "),
		Example: `  livy-kernel completion bash > ~/.local/share/bash-completion/completions/livy-kernel
  livy-kernel completion zsh > "${fpath[1]}/_livy-kernel"
  livy-kernel completion fish > ~/.config/fish/completions/livy-kernel.fish
  livy-kernel completion powershell | Out-String | Invoke-Expression`,
		ValidArgs: shells,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && slices.Contains(shells, args[0]) {
				return nil
			}
			return hint(usage("the name of a shell is wanted"), "it is one of %s", strings.Join(shells, ", "))
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.stdout, true)
			case "zsh":
				return root.GenZshCompletion(a.stdout)
			case "fish":
				return root.GenFishCompletion(a.stdout, true)
			default:
				return root.GenPowerShellCompletionWithDesc(a.stdout)
			}
		},
	}
}

// profileNames are what the first argument of many commands is completed by.
func (a *app) profileNames(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	if paths, err := a.paths(); err == nil {
		if c, err := config.Load(paths.Config); err == nil {
			names = slices.Sorted(maps.Keys(c.Profiles))
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeValues has the flags of install completed that take one of a few
// words.
func completeValues(cmd *cobra.Command) {
	for flag, values := range map[string][]string{
		"dialect": config.Dialects(), "auth": config.Auths(), "flow": config.Flows(), "kinds": kindNames(kernelspec.Kinds()),
	} {
		// It fails for flags that are not there alone, which TestCompletion meets.
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
}
