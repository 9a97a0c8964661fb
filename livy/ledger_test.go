// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package livy_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/livy"
)

// entry is a statement that a ledger has.
type entry struct {
	ID       int            `json:"id"`
	Code     string         `json:"code"`
	SourceID string         `json:"sourceId,omitempty"`
	State    string         `json:"state"`
	appears  time.Time      // not shown before
	Output   map[string]any `json:"output"`
}

// ledger is a server of one session, that tells what it accepted and not
// always when.
type ledger struct {
	fabric   bool
	entries  []entry
	posts    int
	accept   func(l *ledger, code, source string)        // what becomes of a POST
	answer   func(*http.Request) (*http.Response, error) // in place of one to a POST
	question func() *http.Response                       // in place of one to a question; nil for none
	strings  bool                                        // ids are strings, lists have no order
}

func respond(r *http.Request, status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{}, Request: r}
}

func (l *ledger) add(code, source string, after time.Duration) {
	l.entries = append(l.entries, entry{ID: len(l.entries), Code: code, SourceID: source, State: "available", appears: time.Now().Add(after)})
}

func (l *ledger) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost {
		var body livy.StatementRequest
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || (body.SourceID != "") != l.fabric {
			return nil, errors.New("the body is not of this dialect")
		}
		l.posts++
		if l.accept != nil {
			l.accept(l, body.Code, body.SourceID)
		}
		return l.answer(r)
	}
	if l.question != nil {
		if resp := l.question(); resp != nil {
			return resp, nil
		}
	}
	shown := []entry{}
	for _, e := range l.entries {
		if !time.Now().Before(e.appears) {
			shown = append(shown, e)
		}
	}
	_, one, _ := strings.Cut(r.URL.Path, "/statements/")
	var v any = map[string]any{"statements": shown, "total_statements": len(shown)}
	if strings.HasSuffix(r.URL.Path, "/sessions/0") {
		v = map[string]any{"id": 0, "state": "idle"}
	} else if one != "" {
		v = nil
		for _, e := range shown {
			if id, _ := json.Marshal(e.ID); string(id) == one {
				v = e
			}
		}
		if v == nil {
			return respond(r, 404, `"Statement not found"`), nil
		}
	}
	body, err := json.Marshal(v)
	text := string(body)
	if l.strings {
		text = strings.NewReplacer(`"id":0`, `"id":"0"`, `"id":1`, `"id":"1"`, `"id":2`, `"id":"2"`).Replace(text)
	}
	return respond(r, 200, text), err
}

// What a POST is answered.
func badGateway(r *http.Request) (*http.Response, error) { return respond(r, 502, ""), nil }
func resetBy(*http.Request) (*http.Response, error) {
	return nil, errors.New("connection reset by peer")
}
func taken(l *ledger, code, source string) { l.add(code, source, 0) }
func nothing(*ledger, string, string)      {}
