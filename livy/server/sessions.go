// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"net/http"
	"slices"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// deleteWait is how long the answer to a DELETE waits for the driver's end,
// during which the session is shutting_down. After it the driver ends in the
// background. Apache Livy waits 10 s beside a running statement; a client
// that is itself being shut down has less time than that.
const deleteWait = 500 * time.Millisecond

// sessionView is the session object of the Livy REST API. Pointers are null
// where there is nothing.
type sessionView struct {
	ID                       int               `json:"id"`
	Name                     *string           `json:"name"`
	AppID                    *string           `json:"appId"`
	Owner                    *string           `json:"owner"`
	ProxyUser                *string           `json:"proxyUser"`
	State                    livy.SessionState `json:"state"`
	Kind                     livy.Kind         `json:"kind"`
	AppInfo                  appInfo           `json:"appInfo"`
	Log                      []string          `json:"log"`
	TTL                      *string           `json:"ttl"`
	IdleTimeout              *string           `json:"idleTimeout"`
	DriverMemory             *string           `json:"driverMemory"`
	DriverCores              int               `json:"driverCores"`
	ExecutorMemory           *string           `json:"executorMemory"`
	ExecutorCores            int               `json:"executorCores"`
	Conf                     map[string]string `json:"conf"`
	Archives                 []string          `json:"archives"`
	Files                    []string          `json:"files"`
	HeartbeatTimeoutInSecond int               `json:"heartbeatTimeoutInSecond"`
	Jars                     []string          `json:"jars"`
	NumExecutors             int               `json:"numExecutors"`
	PyFiles                  []string          `json:"pyFiles"`
	Queue                    *string           `json:"queue"`
}

type appInfo struct {
	DriverLogURL    *string `json:"driverLogUrl"`
	SparkUIURL      *string `json:"sparkUiUrl"`
	ExecutorLogURLs *string `json:"executorLogUrls"`
}

type sessionList struct {
	From     int64         `json:"from"`
	Total    int           `json:"total"`
	Sessions []sessionView `json:"sessions"`
}

type stateView struct {
	ID    int               `json:"id"`
	State livy.SessionState `json:"state"`
}

type logView struct {
	ID    int      `json:"id"`
	From  int64    `json:"from"`
	Total int64    `json:"total"`
	Log   []string `json:"log"`
}

// orNull returns nil for the empty string.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (s *session) view() sessionView {
	s.mu.Lock()
	state, driver := s.state, s.driver
	s.mu.Unlock()
	var app App
	if driver != nil {
		app = driver.App()
	}
	last, _, _ := s.lines.page(-1, logInView)
	q := s.request
	return sessionView{
		ID: s.id, Name: orNull(q.Name), AppID: orNull(app.ID), State: state, Kind: q.Kind,
		AppInfo: appInfo{SparkUIURL: orNull(app.UIURL)}, Log: last,
		TTL: orNull(q.TTL), IdleTimeout: orNull(q.IdleTimeout),
		DriverMemory: orNull(q.DriverMemory), DriverCores: q.DriverCores,
		ExecutorMemory: orNull(q.ExecutorMemory), ExecutorCores: q.ExecutorCores, NumExecutors: q.NumExecutors,
		Conf: q.Conf, Archives: notNil(q.Archives), Files: notNil(q.Files), Jars: notNil(q.Jars), PyFiles: notNil(q.PyFiles),
		HeartbeatTimeoutInSecond: q.HeartbeatTimeoutInSecond, Queue: orNull(q.Queue),
	}
}

func (s *Server) listSessions(w http.ResponseWriter, r *http.Request) {
	from, size, err := paging(r.URL.Query(), 0, 100)
	if err != nil {
		writeMsg(w, http.StatusBadRequest, err.Error())
		return
	}
	s.mu.Lock()
	all := slices.Clone(s.sessions)
	s.mu.Unlock()
	list := sessionList{From: from, Total: len(all), Sessions: []sessionView{}}
	for _, sess := range slice(all, from, size) {
		list.Sessions = append(list.Sessions, sess.view())
	}
	writeJSON(w, http.StatusOK, list)
}

// connect serves POST connect, which answers as GET does and is activity.
func connect(w http.ResponseWriter, r *http.Request, sess *session) {
	sess.use()
	getSession(w, r, sess)
}

// getSession serves GET of a session.
func getSession(w http.ResponseWriter, _ *http.Request, sess *session) {
	writeJSON(w, http.StatusOK, sess.view())
}

func getState(w http.ResponseWriter, _ *http.Request, sess *session) {
	writeJSON(w, http.StatusOK, stateView{sess.id, sess.view().State})
}

func getLog(w http.ResponseWriter, r *http.Request, sess *session) {
	from, size, err := paging(r.URL.Query(), -1, logDefaultSize)
	if err != nil {
		writeMsg(w, http.StatusBadRequest, err.Error())
		return
	}
	page, start, total := sess.lines.page(from, size)
	writeJSON(w, http.StatusOK, logView{sess.id, start, total, page})
}

// deleteSession serves DELETE. The session is gone when it answers.
func (s *Server) deleteSession(w http.ResponseWriter, _ *http.Request, sess *session) {
	sess.shutDown()
	wait := time.NewTimer(deleteWait)
	defer wait.Stop()
	select {
	case <-sess.done:
	case <-wait.C:
	}
	s.remove(sess)
	writeMsg(w, http.StatusOK, "deleted")
}
