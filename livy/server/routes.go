// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"net/http"
	"slices"
	"strings"
)

// methods maps the methods of one path to their handlers.
type methods map[string]http.HandlerFunc

// ServeHTTP implements http.Handler; other methods get 405 without a body.
func (m methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	h, ok := m[method]
	if !ok {
		var allow []string
		for name := range m {
			allow = append(allow, name)
		}
		slices.Sort(allow)
		w.Header().Set("Allow", strings.Join(allow, ", "))
		w.Header().Set("Content-Type", contentType)
		writeEmpty(w, http.StatusMethodNotAllowed)
		return
	}
	h(w, r)
}

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("/sessions", methods{"GET": s.listSessions, "POST": s.createSession})
	mux.Handle("/sessions/{session}", methods{"GET": s.with(getSession), "DELETE": s.with(s.deleteSession)})
	mux.Handle("/sessions/{session}/state", methods{"GET": s.with(getState)})
	mux.Handle("/sessions/{session}/log", methods{"GET": s.with(getLog)})
	mux.Handle("/sessions/{session}/connect", methods{"POST": s.with(connect)})
	mux.Handle("/sessions/{session}/completion", methods{"POST": s.with(complete)})
	mux.Handle("/sessions/{session}/statements", methods{"GET": s.with(listStatements), "POST": s.with(s.submit)})
	mux.Handle("/sessions/{session}/statements/{statement}", methods{"GET": s.with(s.getStatement)})
	mux.Handle("/sessions/{session}/statements/{statement}/cancel", methods{"POST": s.with(cancelStatement)})
	mux.Handle("/batches", methods{"GET": listBatches})
	mux.Handle("/version", methods{"GET": getVersion})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html;charset=utf-8")
		writeEmpty(w, http.StatusNotFound)
	})
	return mux
}

// with finds the session of the path for h and answers 404 where there is none.
func (s *Server) with(h func(http.ResponseWriter, *http.Request, *session)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key := r.PathValue("session")
		sess := s.find(key)
		if sess == nil {
			writeMsg(w, http.StatusNotFound, "Session '"+key+"' not found.")
			return
		}
		sess.touch()
		h(w, r, sess)
	}
}

// version is what clients see of GET /version: the Livy release whose
// protocol the server speaks.
type version struct {
	URL      string `json:"url"`
	Branch   string `json:"branch"`
	Revision string `json:"revision"`
	Version  string `json:"version"`
	Date     string `json:"date"`
	User     string `json:"user"`
}

func getVersion(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, version{Version: "0.9.0-incubating"})
}

// listBatches answers that there are none, for clients that list everything.
func listBatches(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, sessionList{Sessions: []sessionView{}})
}
