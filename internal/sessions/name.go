// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package sessions

import "github.com/livy-kernel/livy-kernel/livy"

// NameTag is the tag that repeats the name a session was given, where a server
// has tags: not every server is said to show the name as it was.
const NameTag = "livy-kernel"

// Called reports whether now is the session that was given a name.
func Called(now livy.Session, name string) bool {
	return now.Name == name || now.Tags[NameTag] == name
}
