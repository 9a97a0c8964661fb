// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// maxREPLs is how many REPLs a high-concurrency session holds.
const maxREPLs = 5

// acquired is what an acquire of a high-concurrency session came to.
type acquired struct {
	id      string
	tag     string
	body    fabricBody
	session *fabricSession
	repl    *interpreter
	asked   int // how often it was shown
	created time.Time
}

// acquiredView is the HighConcurrencySessionResponse of the schema.
type acquiredView struct {
	ID                     string       `json:"id"`
	State                  string       `json:"state"`
	FabricSessionStateInfo *fabricState `json:"fabricSessionStateInfo"`
	SessionID              *string      `json:"sessionId"`
	WorkspaceID            string       `json:"workspaceId"`
	ArtifactID             string       `json:"artifactId"`
	CreatorID              string       `json:"creatorId"`
	CreatedAt              time.Time    `json:"createdAt"`
	ReplID                 *string      `json:"replId"`
	SessionTag             string       `json:"sessionTag"`
}

// state is NotStarted at first, then AcquiringHighConcurrencySession, then
// Idle.
func (a *acquired) state() string {
	switch a.asked {
	case 0:
		return "NotStarted"
	case 1:
		return "AcquiringHighConcurrencySession"
	}
	return "Idle"
}

func (f *fabricFront) showAcquired(a *acquired) acquiredView {
	v := acquiredView{
		ID: a.id, State: a.state(), WorkspaceID: f.Workspace, ArtifactID: f.Lakehouse, CreatorID: submitterID,
		CreatedAt: a.created, SessionTag: a.tag,
	}
	if a.state() == "Idle" {
		v.SessionID, v.ReplID = &a.session.id, &a.repl.id
	}
	return v
}

// acquire serves POST /highConcurrencySessions. One session serves the
// acquires with one tag, but not those made before the first has it: each of
// them makes a session, as the real service does.
func (f *fabricFront) acquire(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var body struct {
		fabricBody
		SessionTag string `json:"sessionTag"`
	}
	refusal := readFabric(r, &body)
	a := &acquired{id: uuid.NewString(), tag: body.SessionTag, body: body.fabricBody, created: time.Now()}
	if refusal == nil {
		if a.session = f.tagged(body.SessionTag); a.session == nil {
			a.session, refusal = f.newSession(r, body.fabricBody)
		}
	}
	if refusal == nil {
		a.repl, refusal = f.interpret(r, body.fabricBody)
	}
	if refusal != nil {
		refusal.write(w)
		return
	}
	a.session.phases = nil
	a.session.repls = append(a.session.repls, a.repl)
	f.acquired = append(f.acquired, a)
	writeFabric(w, http.StatusAccepted, f.showAcquired(a))
}

// tagged returns a session with room that an acquire with the tag has got, or
// nil.
func (f *fabricFront) tagged(tag string) *fabricSession {
	for _, a := range f.acquired {
		if tag != "" && a.tag == tag && a.state() == "Idle" && len(a.session.repls) < maxREPLs {
			return a.session
		}
	}
	return nil
}

// find returns the acquire of the path.
func (f *fabricFront) find(r *http.Request) (*acquired, *FabricError) {
	for _, a := range f.acquired {
		if strings.EqualFold(a.id, r.PathValue("acquired")) {
			return a, nil
		}
	}
	return nil, fabricNotFound("EntityNotFound", "The requested high concurrency session could not be found")
}

func (f *fabricFront) getAcquired(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a, refusal := f.find(r)
	if refusal != nil {
		refusal.write(w)
		return
	}
	a.asked++
	writeFabric(w, http.StatusOK, f.showAcquired(a))
}

// release serves DELETE. The last REPL takes its session with it.
func (f *fabricFront) release(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a, refusal := f.find(r)
	if refusal != nil {
		refusal.write(w)
		return
	}
	f.ask(r, http.MethodDelete, a.repl.path, nil)
	a.session.repls = slices.DeleteFunc(a.session.repls, func(in *interpreter) bool { return in == a.repl })
	f.acquired = slices.DeleteFunc(f.acquired, func(other *acquired) bool { return other == a })
	if len(a.session.repls) == 0 {
		f.end(r, a.session)
	}
	w.WriteHeader(http.StatusOK)
}
