// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package entra

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// openers are the programs that open links, by their only places: the
// environment may have come from anywhere.
var openers = []string{"/usr/bin/open", "/usr/bin/xdg-open", "/usr/local/bin/xdg-open", "/usr/bin/wslview"}

func openURL(link string, environ []string) error {
	for _, path := range openers {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return start(path, link, environ)
		}
	}
	return errors.New("there is no program that opens links")
}

// start starts a program and does not wait for it: it may be the browser.
func start(path, link string, environ []string) error {
	cmd := exec.Command(path, link)
	cmd.Env = append(slices.DeleteFunc(slices.Clone(environ), func(entry string) bool {
		return strings.HasPrefix(entry, "PATH=") || strings.HasPrefix(entry, "BROWSER=")
	}), systemPath)
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }() // so that no zombie stays
	return nil
}
