// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// Fabric is what a server in the dialect of Microsoft Fabric is like. The zero
// value is one whose sessions start in two steps and that takes every token.
type Fabric struct {
	Workspace string // GUID; DefaultWorkspace if empty
	Lakehouse string // GUID; DefaultLakehouse if empty
	// Token checks the bearer token of a request, which there must be. An error
	// is answered with 401, or as a *FabricError says.
	Token func(token string) error
	// Phases are what a session shows before Livy has it, one at each GET.
	// DefaultPhases if nil.
	Phases []FabricPhase
	// FallbackReasons are why sessions are not taken from the starter pool. A
	// body with more than a name and tags has a reason of its own.
	FallbackReasons []string
	// IdleTimeout is after how long without a statement and a reset-timeout a
	// session ends: 20 minutes on the real service, never if 0. It needs
	// [WithServerOptions] with limits that watch.
	IdleTimeout time.Duration
}

// The ids of a server that is given none.
const (
	DefaultWorkspace = "7e7a0000-0000-4000-8000-00000000a001"
	DefaultLakehouse = "7e7a0000-0000-4000-8000-00000000b001"
)

// FabricPhase is what a starting session shows, in the words of the API.
// Fields that are empty are null.
type FabricPhase struct {
	State     string // state
	Livy      string // livyInfo.currentState
	Fabric    string // fabricSessionStateInfo.state
	Plugin    string // pluginInfo.currentState
	Scheduler string // schedulerInfo.currentState
	Message   string // fabricSessionStateInfo.errorMessage
}

// DefaultPhases are those of a session from a warm pool.
func DefaultPhases() []FabricPhase {
	return []FabricPhase{
		{State: "not_started", Fabric: "acquiringSession", Plugin: "ResourceAcquisition", Scheduler: "Scheduled"},
		{State: "starting", Livy: "starting", Fabric: "unknown", Plugin: "Monitoring", Scheduler: "Scheduled"},
	}
}

// WithFabric makes the server speak the dialect of Microsoft Fabric, version
// 2023-12-01, in place of Apache Livy's: the paths, fields, enumerations and
// status codes of its public schema. Point clients at [Server.Endpoint].
//
// Patterns, as in [Server.Inject], go on to begin behind the version:
// "POST /sessions/*/statements".
func WithFabric(f Fabric) Option { return func(s *Server) { s.fabric = &f } }

// fabricVersion is the version of the API, a part of its paths.
const fabricVersion = "2023-12-01"

// path returns the path of the endpoint.
func (f *Fabric) path() string {
	return "/v1/workspaces/" + f.Workspace + "/lakehouses/" + f.Lakehouse + "/livyApi/versions/" + fabricVersion
}

// relative returns what follows the endpoint in path, which may spell livyApi
// in small letters.
func (f *Fabric) relative(path string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(strings.Replace(path, "/livyapi/", "/livyApi/", 1), f.path())
	return rest, ok && (rest == "" || rest[0] == '/' || rest[0] == '?')
}

// fabricFront translates between Fabric's API and the Livy server behind it.
type fabricFront struct {
	*Fabric
	livy http.Handler
	mux  *http.ServeMux

	mu       sync.Mutex
	sessions []*fabricSession
	acquired []*acquired
}

func newFabricFront(f *Fabric, livy http.Handler) *fabricFront {
	if f.Workspace == "" {
		f.Workspace = DefaultWorkspace
	}
	if f.Lakehouse == "" {
		f.Lakehouse = DefaultLakehouse
	}
	if f.Phases == nil {
		f.Phases = DefaultPhases()
	}
	front := &fabricFront{Fabric: f, livy: livy}
	front.mux = front.routes()
	return front
}

// ServeHTTP implements http.Handler.
func (f *fabricFront) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rest, ok := f.relative(r.URL.Path)
	switch {
	case ok:
		inner := r.Clone(r.Context())
		inner.URL.Path, inner.URL.RawPath = rest, ""
		f.mux.ServeHTTP(w, inner)
	case !strings.HasPrefix(r.URL.Path, "/v1/workspaces/"):
		fabricNotFound("EndpointNotFound", "The requested endpoint could not be found").write(w)
	case !strings.HasPrefix(r.URL.Path, "/v1/workspaces/"+f.Workspace+"/"):
		fabricNotFound("WorkspaceNotFound", "The requested workspace could not be found").write(w)
	default:
		fabricNotFound("ItemNotFound", "The requested item could not be found").write(w)
	}
}

func (f *fabricFront) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /sessions", f.createSession)
	mux.HandleFunc("GET /sessions", f.listSessions)
	mux.HandleFunc("GET /sessions/{session}", f.getSession)
	mux.HandleFunc("DELETE /sessions/{session}", f.deleteSession)
	mux.HandleFunc("POST /sessions/{session}/reset-timeout", f.resetTimeout)
	mux.HandleFunc("POST /highConcurrencySessions", f.acquire)
	mux.HandleFunc("GET /highConcurrencySessions/{acquired}", f.getAcquired)
	mux.HandleFunc("DELETE /highConcurrencySessions/{acquired}", f.release)
	for _, place := range []string{"/sessions/{session}", "/highConcurrencySessions/{session}/repls/{repl}"} {
		mux.HandleFunc("POST "+place+"/statements", f.submit)
		mux.HandleFunc("GET "+place+"/statements", f.listStatements)
		mux.HandleFunc("GET "+place+"/statements/{statement}", f.getStatement)
		mux.HandleFunc("POST "+place+"/statements/{statement}/cancel", f.cancelStatement)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fabricNotFound("EndpointNotFound", "The requested endpoint could not be found").write(w)
	})
	return mux
}
