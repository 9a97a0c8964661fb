// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// man writes the manual, for packages. The help of the commands is all that it
// holds, so that nothing is said twice.
func (a *app) man() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Hidden: true,
		Short:  "write the manual pages into a folder",
		Args:   cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil { //nolint:gosec // pages are for everybody
				return fmt.Errorf("write the manual: %w", err)
			}
			for _, c := range append([]*cobra.Command{cmd.Root()}, cmd.Root().Commands()...) {
				if c.Hidden || c.Name() == "help" {
					continue
				}
				file := filepath.Join(args[0], pageName(c)+".1")
				if err := os.WriteFile(file, manPage(c), 0o644); err != nil { //nolint:gosec // as above
					return fmt.Errorf("write the manual: %w", err)
				}
			}
			return nil
		},
	}
}

func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manPage writes a command's help, and that of the commands below it, in the
// man macros of roff.
func manPage(c *cobra.Command) []byte {
	var page bytes.Buffer
	section := func(title string) { fmt.Fprintf(&page, ".SH %s\n", strings.ToUpper(title)) }
	fmt.Fprintf(&page, ".TH %s 1 \"\" \"livy-kernel %s\"\n", strings.ToUpper(roff(pageName(c))), roff(c.Root().Version))
	section("name")
	fmt.Fprintf(&page, "%s \\- %s\n", roff(pageName(c)), roff(c.Short))
	section("synopsis")
	fmt.Fprintf(&page, "\\fB%s\\fR\n", roff(c.UseLine()))
	if text := c.Long; text != "" {
		section("description")
		literal(&page, text)
	}
	if c.HasParent() {
		options(&page, c, section)
		for _, below := range c.Commands() {
			section(below.Name())
			fmt.Fprintf(&page, "\\fB%s\\fR\n.PP\n%s\n", roff(below.UseLine()), roff(below.Short))
			options(&page, below, func(string) {})
		}
	} else {
		options(&page, c, section)
		section("commands")
		for _, below := range c.Commands() {
			if !below.Hidden && below.Name() != "help" {
				fmt.Fprintf(&page, ".TP\n\\fB%s\\fR(1)\n%s\n", roff(pageName(below)), roff(below.Short))
			}
		}
	}
	if c.Example != "" {
		section("examples")
		literal(&page, c.Example)
	}
	return page.Bytes()
}

// options writes the flags of a command, as its help has them.
func options(page *bytes.Buffer, c *cobra.Command, section func(string)) {
	if c.LocalFlags().HasAvailableFlags() {
		section("options")
		literal(page, strings.TrimRight(c.LocalFlags().FlagUsages(), "\n"))
	}
}

// literal writes text with its line breaks.
func literal(page *bytes.Buffer, text string) {
	fmt.Fprintf(page, ".nf\n%s\n.fi\n", roff(text))
}

// roff escapes what roff would read as its own.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "…", `...`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
