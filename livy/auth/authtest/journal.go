// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package authtest

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Entry is a request that the authority was sent.
type Entry struct {
	Method string
	Path   string
	Grant  string // what kind of token request it was; empty for others
	Form   url.Values
	At     time.Time
}

func (a *Authority) note(r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.journal = append(a.journal, Entry{r.Method, r.URL.Path, r.PostFormValue("grant_type"), r.Form, time.Now()})
	for _, name := range []string{"client_assertion", "code_verifier"} {
		if value := r.PostFormValue(name); value != "" {
			a.secrets = append(a.secrets, value)
		}
	}
}

// Journal returns the requests so far.
func (a *Authority) Journal() []Entry {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.journal)
}

// Grants returns the token requests so far that were of a kind, such as
// refresh_token. Those that a device code waits with count too.
func (a *Authority) Grants(kind string) []Entry {
	return slices.DeleteFunc(a.Journal(), func(e Entry) bool { return e.Grant != kind })
}

// Secrets returns all that must not be seen anywhere: tokens, codes, secrets of
// applications and proofs, as far as they were used or given out.
func (a *Authority) Secrets() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.secrets)
}

// secret makes a secret that Secrets tells of. The lock is held.
func (a *Authority) secret(prefix string) string {
	made := a.random(prefix)
	a.secrets = append(a.secrets, made)
	return made
}

func (a *Authority) random(prefix string) string { return prefix + "-" + rand.Text() }

// Refusal is an error of Entra's.
type Refusal struct {
	Status int    // 400 if 0
	Error  string // OAuth's name; invalid_grant if empty
	Sub    string
	Code   int // the number after AADSTS
	Text   string
}

// CorrelationID is what every refusal bears.
const CorrelationID = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"

const traceID = "12345678-bbbb-4ccc-8ddd-eeeeeeeeeeee"

// Refuse answers the next token request of a kind with r; of any kind where
// grant is empty.
func (a *Authority) Refuse(grant string, r Refusal) {
	a.Intercept(func(w http.ResponseWriter, req *http.Request) bool {
		got := req.PostFormValue("grant_type")
		if got == "" || grant != "" && got != grant {
			return false
		}
		a.refuse(w, r)
		return true
	})
}

func (a *Authority) refuse(w http.ResponseWriter, r Refusal) {
	if r.Status == 0 {
		r.Status = http.StatusBadRequest
	}
	if r.Error == "" {
		r.Error = "invalid_grant"
	}
	at := time.Now().UTC().Format("2006-01-02 15:04:05Z")
	body := map[string]any{
		"error": r.Error, "error_description": describe(r),
		"error_codes": []int{r.Code}, "timestamp": at, "trace_id": traceID, "correlation_id": CorrelationID,
		"error_uri": "https://login.microsoftonline.com/error?code=" + itoa(r.Code),
	}
	if r.Sub != "" {
		body["suberror"] = r.Sub
	}
	writeJSON(w, r.Status, body)
}

// describe returns the description of a refusal as Entra lays it out.
func describe(r Refusal) string {
	return strings.Join([]string{
		"AADSTS" + itoa(r.Code) + ": " + r.Text, "Trace ID: " + traceID, "Correlation ID: " + CorrelationID,
		"Timestamp: " + time.Now().UTC().Format("2006-01-02 15:04:05Z"),
	}, " ")
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store, no-cache")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may be gone
}
