// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package recording

import "strings"

// ids maps the ids of a recording to those of the server under test.
type ids struct {
	sessions    map[string]string
	statements  map[[2]string]string // By recorded ids of session and statement.
	lastSession string               // The server's id of the newest session.
	made        []string             // All of the server's ids.
}

func newIDs() *ids { return &ids{sessions: map[string]string{}, statements: map[[2]string]string{}} }

func (m *ids) addSession(recorded, real string) {
	m.sessions[recorded] = real
	m.lastSession = real
	m.made = append(m.made, real)
}

func (m *ids) addStatement(session, recorded, real string) {
	m.statements[[2]string{session, recorded}] = real
}

// learn takes the ids from the answers to a POST of a session or a statement.
func (m *ids) learn(recordedPath string, want, got value) {
	path, _, _ := strings.Cut(recordedPath, "?")
	parts := strings.Split(path, "/")
	if want.field("id").kind != "number" {
		return
	}
	switch {
	case path == "/sessions":
		m.addSession(want.field("id").text, got.field("id").text)
	case len(parts) == 4 && parts[3] == "statements":
		m.addStatement(parts[2], want.field("id").text, got.field("id").text)
	}
}

// mapPath replaces the recorded ids in path; unknown ones stay.
func (m *ids) mapPath(path string) string {
	path, query, hasQuery := strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	if len(parts) > 4 && parts[3] == "statements" {
		if id, ok := m.statements[[2]string{parts[2], parts[4]}]; ok {
			parts[4] = id
		}
	}
	if len(parts) > 2 && parts[1] == "sessions" {
		if id, ok := m.sessions[parts[2]]; ok {
			parts[2] = id
		}
	}
	path = strings.Join(parts, "/")
	if hasQuery {
		path += "?" + query
	}
	return path
}
