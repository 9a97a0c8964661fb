// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

const rootLong = `livy-kernel is a Jupyter kernel that runs each cell on Spark, through the Livy
REST API: on this machine's Spark, which it sets up by itself, on any Apache Livy,
or on Microsoft Fabric.

  livy-kernel install             PySpark, Scala and SQL on this machine's Spark
  livy-kernel install NAME …      the same on a Livy server
  livy-kernel demo                run a notebook now and show the results

Jupyter starts the kernel itself, by livy-kernel -f CONNECTION_FILE.`

// root returns the tree of commands.
func (a *app) root() *cobra.Command {
	var k kernelFlags
	root := &cobra.Command{
		Use:               "livy-kernel",
		Short:             "Jupyter kernels on Spark through Livy",
		Long:              rootLong,
		Version:           buildVersion().version,
		SilenceErrors:     true, // report prints them
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args: func(cmd *cobra.Command, args []string) error {
			if k.connectionFile != "" {
				return nil // jupyter run adds the names of its scripts
			}
			return unknownCommand(cmd, args)
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case k.connectionFile != "":
				return a.runKernel(cmd.Context(), k)
			case cmd.Flags().NFlag() > 0:
				return usage("these flags are for kernels, which need -f CONNECTION_FILE too")
			}
			return cmd.Help()
		},
	}
	root.SetVersionTemplate("livy-kernel {{.Version}}\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return hint(&usageError{err}, "%s --help shows what there is", cmd.CommandPath())
	})
	root.SetHelpCommand(&cobra.Command{
		Use:   "help [COMMAND]",
		Short: "show the help of a command",
		RunE: func(_ *cobra.Command, args []string) error {
			found, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(root, args)
			}
			found.InitDefaultHelpFlag()
			return found.Help()
		},
	})

	f := root.Flags()
	f.SortFlags = false
	f.StringVarP(&k.connectionFile, "connection-file", "f", "", "run as a kernel on the ports of this `FILE`")
	f.StringVar(&k.profile, "profile", "", "profile `NAME` of the kernel (default: $LIVY_KERNEL_PROFILE, else local)")
	f.StringVar(&k.kind, "kind", "", "language `KIND` of its cells: pyspark, spark, sql or shared (default: $LIVY_KERNEL_KIND, else pyspark)")
	f.StringVar(&k.config, "config", "", "configuration `FILE` (default: $LIVY_KERNEL_CONFIG, else the user's)")

	root.AddCommand(a.install(), a.uninstall(), a.list(), a.login(), a.logout(), a.sessions(), a.doctor(), a.explain(), a.serve(), a.demo(), a.version(), a.completion(), a.man(), a.finishSession())
	return root
}

// unknownCommand refuses arguments of the root command.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := usage("unknown command %q", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return hint(err, "did you mean %s?", near[0])
	}
	return hint(err, "livy-kernel --help lists the commands")
}

// arguments checks how many there are, and names what is wanted.
func arguments(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) >= least && len(args) <= most {
			return nil
		}
		problem := "too many arguments"
		if len(args) < least {
			problem = "the name of a profile is missing"
		}
		return hint(&usageError{fmt.Errorf("%s", problem)}, "the command is %s", cmd.UseLine())
	}
}
