// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"fmt"
	"net/http"
	"time"
)

type candidates struct {
	Candidates []string `json:"candidates"`
}

// submit serves POST of a statement.
func (s *Server) submit(w http.ResponseWriter, r *http.Request, sess *session) {
	var body statementBody
	if !readBody(w, r, statementFields, &body) {
		return
	}
	if _, err := sess.live(); err != nil {
		writeText(w, http.StatusInternalServerError, err.Error())
		return
	}
	kind, err := statementKind(body.Kind, sess.request.Kind)
	if err != nil {
		writeText(w, http.StatusInternalServerError, err.Error())
		return
	}
	if body.Code == nil {
		writeText(w, http.StatusInternalServerError, "java.lang.NullPointerException: code is missing")
		return
	}
	sess.use()
	st, next, err := sess.submit(kind, *body.Code)
	if err != nil {
		writeText(w, http.StatusInternalServerError, err.Error())
		return
	}
	if next && s.fastAnswer > 0 {
		fast := time.NewTimer(s.fastAnswer)
		defer fast.Stop()
		select {
		case <-st.ended:
		case <-sess.done:
		case <-fast.C:
		}
	}
	sess.mu.Lock()
	view := st.viewFrom(s.printedFrom(w, r))
	sess.mu.Unlock()
	w.Header().Set("Location", fmt.Sprintf("/sessions/%d/statements/%d", sess.id, st.ID))
	writeStatement(w, http.StatusCreated, view)
}

func listStatements(w http.ResponseWriter, r *http.Request, sess *session) {
	query := r.URL.Query()
	from, size, err := paging(query, 0, 1<<31-1)
	if err != nil {
		writeMsg(w, http.StatusBadRequest, err.Error())
		return
	}
	list, err := sess.list(from, size, query.Get("order") == "desc")
	if err != nil {
		writeMsg(w, http.StatusBadRequest, err.Error())
		return
	}
	writeJSON(w, http.StatusOK, list)
}

func (s *Server) getStatement(w http.ResponseWriter, r *http.Request, sess *session) {
	id, err := statementID(r)
	if err != nil {
		writeMsg(w, http.StatusBadRequest, err.Error())
		return
	}
	from := s.printedFrom(w, r)
	s.holdAnswer(w, r, sess, id, from)
	switch view, err := sess.show(id, from); {
	case err != nil:
		writeMsg(w, http.StatusBadRequest, err.Error())
	case view == nil:
		writeText(w, http.StatusNotFound, "Statement not found")
	default:
		writeStatement(w, http.StatusOK, *view)
	}
}

// cancelStatement serves POST cancel, which succeeds whatever the id.
func cancelStatement(w http.ResponseWriter, r *http.Request, sess *session) {
	id, err := statementID(r)
	if err != nil {
		writeMsg(w, http.StatusBadRequest, err.Error())
		return
	}
	if err := sess.cancelStatement(id); err != nil {
		writeText(w, http.StatusInternalServerError, err.Error())
		return
	}
	writeMsg(w, http.StatusOK, "canceled")
}

// complete serves POST completion, which wants a kind in every session.
func complete(w http.ResponseWriter, r *http.Request, sess *session) {
	var body completionBody
	if !readBody(w, r, completionFields, &body) {
		return
	}
	driver, err := sess.live()
	if err != nil {
		writeText(w, http.StatusInternalServerError, err.Error())
		return
	}
	if body.Kind == nil {
		writeText(w, http.StatusInternalServerError, kindError("Invalid kind: null").Error())
		return
	}
	kind, err := statementKind(body.Kind, sess.request.Kind)
	if err != nil {
		writeText(w, http.StatusInternalServerError, err.Error())
		return
	}
	names, err := driver.Complete(r.Context(), kind, body.Code, body.Cursor)
	if err != nil {
		writeText(w, http.StatusInternalServerError, "The driver could not complete: "+err.Error())
		return
	}
	writeJSON(w, http.StatusOK, candidates{notNil(names)})
}
