// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/livy-kernel/livy-kernel/livy"
)

// fabricBody is the SessionRequest of the schema, and with SessionTag its
// HighConcurrencySessionRequest.
type fabricBody struct {
	Name           string            `json:"name"`
	Archives       []string          `json:"archives"`
	Conf           map[string]string `json:"conf"`
	Tags           map[string]string `json:"tags"`
	DriverMemory   string            `json:"driverMemory"`
	DriverCores    int               `json:"driverCores"`
	ExecutorMemory string            `json:"executorMemory"`
	ExecutorCores  int               `json:"executorCores"`
	NumExecutors   int               `json:"numExecutors"`
}

// onDemand reports whether b asks for more than the starter pool has.
func (b fabricBody) onDemand() bool {
	return len(b.Archives)+len(b.Conf)+b.DriverCores+b.ExecutorCores+b.NumExecutors > 0 || b.DriverMemory+b.ExecutorMemory != ""
}

// fabricSession is a session of the front, and the Livy session behind it.
type fabricSession struct {
	id        string
	body      fabricBody
	tags      map[string]string
	phases    []FabricPhase // still to be shown
	inner     *interpreter
	repls     []*interpreter // of a high-concurrency session
	submitted time.Time
}

// interpreter is a Livy session behind the front: what runs statements.
type interpreter struct {
	id      string         // of a REPL
	path    string         // of the Livy session
	sources map[int]string // what sourceId statements came with
}

// ask sends a request to the Livy server behind the front.
func (f *fabricFront) ask(r *http.Request, method, path string, body []byte) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	f.livy.ServeHTTP(answer, httptest.NewRequestWithContext(r.Context(), method, path, bytes.NewReader(body)))
	return answer
}

// interpret makes a Livy session.
func (f *fabricFront) interpret(r *http.Request, b fabricBody) (*interpreter, *FabricError) {
	idle := ""
	if f.IdleTimeout > 0 {
		idle = strconv.Itoa(int(f.IdleTimeout.Seconds())) + "s"
	}
	body, err := json.Marshal(livy.CreateSessionRequest{
		IdleTimeout: idle,
		Archives:    b.Archives, Conf: b.Conf, DriverMemory: b.DriverMemory, DriverCores: b.DriverCores,
		ExecutorMemory: b.ExecutorMemory, ExecutorCores: b.ExecutorCores, NumExecutors: b.NumExecutors,
	})
	if err != nil {
		return nil, fabricBadRequest(err.Error())
	}
	answer := f.ask(r, http.MethodPost, "/sessions", body)
	var created struct {
		ID int `json:"id"`
	}
	if answer.Code != http.StatusCreated || json.Unmarshal(answer.Body.Bytes(), &created) != nil {
		return nil, fabricBadRequest(answer.Body.String())
	}
	return &interpreter{id: uuid.NewString(), path: "/sessions/" + strconv.Itoa(created.ID), sources: map[int]string{}}, nil
}

// newSession makes a session; f.mu is held.
func (f *fabricFront) newSession(r *http.Request, body fabricBody) (*fabricSession, *FabricError) {
	inner, refusal := f.interpret(r, body)
	if refusal != nil {
		return nil, refusal
	}
	s := &fabricSession{
		id: uuid.NewString(), body: body, tags: map[string]string{}, inner: inner,
		phases: slices.Clone(f.Phases), submitted: time.Now(),
	}
	maps.Copy(s.tags, body.Tags)
	reasons := slices.Clone(f.FallbackReasons)
	if body.onDemand() {
		reasons = append(reasons, "UserSparkConfigMismatch")
	}
	if len(reasons) > 0 {
		s.tags["FallbackReasons"] = strings.Join(reasons, ",")
	}
	f.sessions = append(f.sessions, s)
	return s, nil
}

// session returns the session of the path.
func (f *fabricFront) session(r *http.Request) (*fabricSession, *FabricError) {
	for _, s := range f.sessions {
		if strings.EqualFold(s.id, r.PathValue("session")) {
			return s, nil
		}
	}
	return nil, fabricNotFound("EntityNotFound", "The requested session could not be found")
}

func (f *fabricFront) createSession(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var body fabricBody
	refusal := readFabric(r, &body)
	var s *fabricSession
	if refusal == nil {
		s, refusal = f.newSession(r, body)
	}
	if refusal != nil {
		refusal.write(w)
		return
	}
	writeFabric(w, http.StatusAccepted, f.view(r, s))
}

func (f *fabricFront) getSession(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, refusal := f.session(r)
	if refusal != nil {
		refusal.write(w)
		return
	}
	writeFabric(w, http.StatusOK, f.view(r, s))
	if len(s.phases) > 0 {
		s.phases = s.phases[1:]
	}
}

func (f *fabricFront) deleteSession(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, refusal := f.session(r)
	if refusal != nil {
		refusal.write(w)
		return
	}
	f.end(r, s)
	w.WriteHeader(http.StatusOK)
}

// end ends s with all its REPLs; f.mu is held.
func (f *fabricFront) end(r *http.Request, s *fabricSession) {
	for _, in := range append(slices.Clone(s.repls), s.inner) {
		f.ask(r, http.MethodDelete, in.path, nil)
	}
	f.sessions = slices.DeleteFunc(f.sessions, func(other *fabricSession) bool { return other == s })
	f.acquired = slices.DeleteFunc(f.acquired, func(a *acquired) bool { return a.session == s })
}

func (f *fabricFront) resetTimeout(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, refusal := f.session(r)
	if refusal != nil {
		refusal.write(w)
		return
	}
	f.touch(r, s)
	w.WriteHeader(http.StatusNoContent)
}

// touch starts the idle time of s anew, of all its REPLs; f.mu is held.
func (f *fabricFront) touch(r *http.Request, s *fabricSession) {
	for _, in := range append(slices.Clone(s.repls), s.inner) {
		f.ask(r, http.MethodPost, in.path+"/connect", nil)
	}
}
