// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"slices"

	"github.com/livy-kernel/livy-kernel/livy"
)

// Load tells how many sessions there are, and whether one of them starts or
// runs a statement.
func (s *Server) Load() (sessions int, busy bool) {
	s.mu.Lock()
	all := slices.Clone(s.sessions)
	s.mu.Unlock()
	for _, sess := range all {
		sess.mu.Lock()
		state := sess.state
		sess.mu.Unlock()
		if state.Terminal() {
			continue
		}
		sessions++
		busy = busy || state == livy.SessionBusy || state == livy.SessionStarting
	}
	return sessions, busy
}
