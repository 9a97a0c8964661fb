// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livytest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/livy-kernel/livy-kernel/livy"
)

// fabricStatement is the StatementResponse of the schema. It has no progress.
type fabricStatement struct {
	ID       int             `json:"id"`
	Code     string          `json:"code"`
	State    string          `json:"state"`
	SourceID *string         `json:"sourceId"`
	Output   json.RawMessage `json:"output"`
}

type fabricStatements struct {
	Statements []fabricStatement `json:"statements"`
	Total      int               `json:"total_statements"`
}

// interpreterOf returns what runs the statements of the path, a session or a
// REPL; f.mu is held.
func (f *fabricFront) interpreterOf(r *http.Request) (*interpreter, *FabricError) {
	s, refusal := f.session(r)
	if refusal != nil {
		return nil, refusal
	}
	repl := r.PathValue("repl")
	if repl == "" {
		if len(s.phases) > 0 {
			return nil, fabricBadRequest("The session is in state " + s.phases[0].State)
		}
		return s.inner, nil
	}
	if i := slices.IndexFunc(s.repls, func(in *interpreter) bool { return in.id == repl }); i >= 0 {
		return s.repls[i], nil
	}
	return nil, fabricNotFound("EntityNotFound", "The requested REPL could not be found")
}

// statement forwards a request about statements and shows the answer as shape
// makes it. body is nil for none.
func (f *fabricFront) statement(w http.ResponseWriter, r *http.Request, rest string, body []byte, shape func(*interpreter, []byte) (any, error)) {
	f.mu.Lock()
	in, refusal := f.interpreterOf(r)
	f.mu.Unlock()
	if refusal != nil {
		refusal.write(w)
		return
	}
	answer := f.ask(r, r.Method, in.path+"/statements"+rest, body)
	switch {
	case answer.Code == http.StatusNotFound:
		fabricNotFound("EntityNotFound", "The requested statement could not be found").write(w)
		return
	case answer.Code >= 300:
		fabricBadRequest(answer.Body.String()).write(w)
		return
	}
	f.mu.Lock()
	shown, err := shape(in, answer.Body.Bytes())
	f.mu.Unlock()
	if err != nil {
		fabricBadRequest(err.Error()).write(w)
		return
	}
	writeFabric(w, http.StatusOK, shown)
}

// show is a statement in Fabric's shape.
func (in *interpreter) show(body []byte) (any, error) {
	var s fabricStatement
	err := json.Unmarshal(body, &s)
	return in.named(s), err
}

func (in *interpreter) named(s fabricStatement) fabricStatement {
	if source, ok := in.sources[s.ID]; ok {
		s.SourceID = &source
	}
	return s
}

func (f *fabricFront) submit(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Code     *string `json:"code"`
		Kind     string  `json:"kind"`
		SourceID *string `json:"sourceId"`
	}
	refusal := readFabric(r, &body)
	if refusal == nil && body.Code == nil {
		refusal = fabricBadRequest("code is missing")
	}
	if refusal != nil {
		refusal.write(w)
		return
	}
	if body.Kind == "" {
		body.Kind = "spark"
	}
	encoded, err := json.Marshal(livy.StatementRequest{Code: *body.Code, Kind: livy.Kind(body.Kind)})
	if err != nil {
		fabricBadRequest(err.Error()).write(w)
		return
	}
	f.mu.Lock()
	if s, refusal := f.session(r); refusal == nil {
		f.touch(r, s) // it is activity of all its REPLs
	}
	f.mu.Unlock()
	f.statement(w, r, "", encoded, func(in *interpreter, answer []byte) (any, error) {
		var s fabricStatement
		err := json.Unmarshal(answer, &s)
		if err == nil && body.SourceID != nil {
			in.sources[s.ID] = *body.SourceID
		}
		return in.named(s), err
	})
}

func (f *fabricFront) listStatements(w http.ResponseWriter, r *http.Request) {
	f.statement(w, r, "", nil, func(in *interpreter, body []byte) (any, error) {
		var list fabricStatements
		err := json.Unmarshal(body, &list)
		for i, s := range list.Statements {
			list.Statements[i] = in.named(s)
		}
		return list, err
	})
}

// statementPath returns the end of a path to a statement, "" where its id is
// no number.
func statementPath(r *http.Request) string {
	if _, err := strconv.ParseInt(r.PathValue("statement"), 10, 32); err != nil {
		return ""
	}
	return "/" + r.PathValue("statement")
}

func (f *fabricFront) getStatement(w http.ResponseWriter, r *http.Request) {
	path := statementPath(r)
	if path == "" {
		fabricBadRequest("statementId must be an integer").write(w)
		return
	}
	f.statement(w, r, path, nil, (*interpreter).show)
}

// cancelled is the StatementCancellationResponse of the schema.
type cancelled struct {
	Msg string `json:"msg"`
}

func (f *fabricFront) cancelStatement(w http.ResponseWriter, r *http.Request) {
	path := statementPath(r)
	if path == "" {
		fabricBadRequest("statementId must be an integer").write(w)
		return
	}
	f.statement(w, r, path+"/cancel", nil, func(*interpreter, []byte) (any, error) { return cancelled{"canceled"}, nil })
}
