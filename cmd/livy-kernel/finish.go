// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/spf13/cobra"

	"github.com/livy-kernel/livy-kernel/internal/connect"
	"github.com/livy-kernel/livy-kernel/internal/finish"
)

// finishSession is what a kernel starts to have a session deleted after its
// own end. No signal of the kernel's group reaches it.
func (a *app) finishSession() *cobra.Command {
	return &cobra.Command{
		Use:    finish.Command,
		Hidden: true,
		Short:  "delete the session that standard input names",
		Args:   arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			job, err := finish.Read(a.stdin)
			if err != nil {
				return err
			}
			log, closeLog, err := newLog(a.stderr, a.env)
			if err != nil {
				return err
			}
			client, err := connect.Finisher(job, buildVersion().version, log)
			if err == nil {
				err = finish.Run(cmd.Context(), job, client, log)
			}
			if closeErr := closeLog(); err == nil {
				err = closeErr
			}
			return err
		},
	}
}
