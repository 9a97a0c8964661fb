// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"errors"
	"slices"

	"github.com/livy-kernel/livy-kernel/livy"
)

// errNotActive is the answer to questions about statements of a session whose
// driver is gone: their results are gone with it.
var errNotActive = errors.New("requirement failed: Session isn't active.") //nolint:staticcheck // The real server's words.

// active returns errNotActive where the session has no statements to show.
func (s *session) active() error {
	if s.state.Terminal() && s.state != livy.SessionShuttingDown {
		return errNotActive
	}
	return nil
}

// show returns the statement id as it is now, nil where there is none, with
// what it has printed from there on.
func (s *session) show(id int64, from int) (*statementView, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.active(); err != nil {
		return nil, err
	}
	st := s.find(id)
	if st == nil {
		return nil, nil
	}
	view := st.viewFrom(from)
	return &view, nil
}

// statementList is the answer to GET statements. Positions, not ids, count in
// it.
type statementList struct {
	TotalStatements int             `json:"total_statements"`
	Statements      []statementView `json:"statements"`
}

// list returns size of the retained statements from position from, the newest
// first where desc is set.
func (s *session) list(from, size int64, desc bool) (*statementList, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.active(); err != nil {
		return nil, err
	}
	all := slices.Clone(s.statements)
	if desc {
		slices.Reverse(all)
	}
	list := &statementList{TotalStatements: len(all), Statements: []statementView{}}
	for _, st := range slice(all, from, size) {
		list.Statements = append(list.Statements, st.view())
	}
	return list, nil
}
