// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"errors"
	"strings"
)

// systemPath is the PATH for programs of the system that are scripts.
const systemPath = "PATH=/usr/local/bin:/usr/bin:/bin"

// Opener returns what opens links in the browser of this desktop, for
// Options.OpenURL. environ is the environment of the program that does it; what
// could name another program in it, PATH and BROWSER, is left out.
func Opener(environ []string) func(link string) error {
	return func(link string) error {
		if !strings.HasPrefix(link, "https://") {
			return errors.New("only https links are opened")
		}
		return openURL(link, environ)
	}
}
