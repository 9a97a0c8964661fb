// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package authtest

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// tokens answers token requests (RFC 6749, 4).
func (a *Authority) tokens(w http.ResponseWriter, r *http.Request) {
	if kind := r.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/x-www-form-urlencoded") {
		a.refuse(w, Refusal{Code: 900144, Error: "invalid_request", Text: "The request body must be form encoded."})
		return
	}
	if claims := r.PostFormValue("claims"); claims != "" && !json.Valid([]byte(claims)) {
		a.refuse(w, Refusal{Code: 9002313, Error: "invalid_request", Text: "Invalid request. Request is malformed or invalid."})
		return
	}
	a.mu.Lock()
	app, ok := a.apps[r.PostFormValue("client_id")]
	a.mu.Unlock()
	if !ok {
		a.refuse(w, unknownApp(r))
		return
	}
	var g *grant
	var refused *Refusal
	switch kind := r.PostFormValue("grant_type"); kind {
	case "authorization_code":
		g, refused = a.redeemCode(app, r)
	case "urn:ietf:params:oauth:grant-type:device_code", "device_code":
		g, refused = a.redeemDevice(app, r)
	case "refresh_token":
		g, refused = a.redeemRefresh(app, r)
	case "client_credentials":
		g, refused = a.clientCredentials(app, r)
	default:
		refused = &Refusal{Code: 70003, Error: "unsupported_grant_type", Text: "The app requested an unsupported grant type '" + kind + "'."}
	}
	if refused != nil {
		a.refuse(w, *refused)
		return
	}
	a.give(w, r, g)
}

func unknownApp(r *http.Request) Refusal {
	return Refusal{Code: 700016, Error: "unauthorized_client", Text: "Application with identifier '" + r.FormValue("client_id") + "' was not found in the directory 'Contoso'."}
}

// public reports what keeps an application without a secret from a sign-in.
func public(app App, r *http.Request) *Refusal {
	if !app.Public {
		return &Refusal{Status: http.StatusUnauthorized, Code: 7000218, Error: "invalid_client", Text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."}
	}
	if r.PostFormValue("client_secret") != "" || r.PostFormValue("client_info") != "1" {
		return &Refusal{Code: 90023, Error: "invalid_request", Text: "Public clients send client_info and no secret."}
	}
	return nil
}

func (a *Authority) redeemCode(app App, r *http.Request) (*grant, *Refusal) {
	if refused := public(app, r); refused != nil {
		return nil, refused
	}
	a.mu.Lock()
	g, ok := a.codes[r.PostFormValue("code")]
	delete(a.codes, r.PostFormValue("code"))
	a.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	switch {
	case !ok || !time.Now().Before(g.expires) || g.app.ID != app.ID:
		return nil, &Refusal{Code: 70008, Text: "The provided authorization code or refresh token has expired due to inactivity."}
	case g.redirect != r.PostFormValue("redirect_uri"):
		return nil, &Refusal{Code: 500112, Text: "The reply address does not match the one of the authorization request."}
	case base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge:
		return nil, &Refusal{Code: 501481, Text: "The Code_Verifier does not match the code_challenge supplied in the authorization request."}
	}
	return a.scoped(g, r)
}

func (a *Authority) redeemRefresh(app App, r *http.Request) (*grant, *Refusal) {
	if refused := public(app, r); refused != nil {
		return nil, refused
	}
	a.mu.Lock()
	g, ok := a.refresh[r.PostFormValue("refresh_token")]
	revoked := ok && g.revoked
	a.mu.Unlock()
	switch {
	case !ok || g.app.ID != app.ID:
		return nil, &Refusal{Code: 9002313, Text: "Invalid request. Request is malformed or invalid."}
	case revoked:
		return nil, &Refusal{Code: 50173, Sub: "bad_token", Text: "The provided grant has expired due to it being revoked, a fresh auth token is needed."}
	}
	g = &grant{app: app, user: g.user} // the registration may have changed
	return a.scoped(g, r)
}

// scoped narrows a grant to the scopes of a request.
func (a *Authority) scoped(g *grant, r *http.Request) (*grant, *Refusal) {
	scopes, refused := g.app.userScopes(r.PostFormValue("scope"), true)
	if refused != nil {
		return nil, refused
	}
	narrowed := *g
	narrowed.scopes = slices.DeleteFunc(scopes, func(scope string) bool {
		return contains(g.app.Withheld, strings.TrimPrefix(scope, g.app.Resource+"/"))
	})
	return &narrowed, nil
}

func (a *Authority) clientCredentials(app App, r *http.Request) (*grant, *Refusal) {
	if !strings.Contains(" "+r.PostFormValue("scope")+" ", " "+app.Resource+"/.default ") {
		return nil, &Refusal{Code: 1002012, Error: "invalid_scope", Text: "The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier."}
	}
	if r.PathValue("tenant") != a.Tenant && r.PathValue("tenant") != a.Domain {
		return nil, &Refusal{Code: 50059, Error: "invalid_request", Text: "No tenant-identifying information found in either the request or implied by any provided credentials."}
	}
	switch {
	case r.PostFormValue("client_assertion_type") == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer":
		if refused := a.checkAssertion(app, r.PostFormValue("client_assertion"), a.URL+r.URL.Path); refused != nil {
			return nil, refused
		}
	case app.Secret == "" || subtle.ConstantTimeCompare([]byte(app.Secret), []byte(r.PostFormValue("client_secret"))) != 1:
		return nil, &Refusal{Status: http.StatusUnauthorized, Code: 7000215, Error: "invalid_client", Text: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID."}
	}
	return &grant{app: app}, nil
}
