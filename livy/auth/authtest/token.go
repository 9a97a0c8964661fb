// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package authtest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Token is an access token that the authority gave out.
type Token struct {
	Text    string
	App     string
	User    string // empty for an application's own
	Scopes  []string
	Claims  string // the claims parameter that it was asked for with
	Expires time.Time
	revoked bool
}

// grant is what a person agreed to.
type grant struct {
	app       App
	user      User
	scopes    []string
	redirect  string
	challenge string
	expires   time.Time
	revoked   bool
}

// Why Check refuses a token.
var (
	ErrUnknownToken = errors.New("authtest: the token is not of this authority")
	ErrExpired      = errors.New("authtest: the token has expired")
	ErrRevoked      = errors.New("authtest: the token is revoked")
	ErrScope        = errors.New("authtest: the token lacks a scope")
)

// Check returns the token of an Authorization header, for a server that is
// used with it. Each of scopes must be in it, unless it is an application's.
func (a *Authority) Check(authorization string, scopes ...string) (Token, error) {
	text, ok := strings.CutPrefix(authorization, "Bearer ")
	if !ok {
		return Token{}, ErrUnknownToken
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	t, ok := a.access[text]
	switch {
	case !ok:
		return Token{}, ErrUnknownToken
	case t.revoked:
		return *t, ErrRevoked
	case !time.Now().Before(t.Expires):
		return *t, ErrExpired
	}
	for _, scope := range scopes {
		if t.User != "" && !contains(t.Scopes, scope) {
			return *t, fmt.Errorf("%w: %s", ErrScope, scope)
		}
	}
	return *t, nil
}

// Tokens returns the access tokens that were given out, in no order.
func (a *Authority) Tokens() []Token {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []Token
	for _, t := range a.access {
		all = append(all, *t)
	}
	return all
}

// RevokeAccess has no access token given out so far pass Check any more, long
// before its client could know.
func (a *Authority) RevokeAccess() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range a.access {
		t.revoked = true
	}
}

// RevokeSignIns ends the sign-ins of all persons, as a new password does:
// refreshing is refused with AADSTS50173.
func (a *Authority) RevokeSignIns() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, g := range a.refresh {
		g.revoked = true
	}
}

// give answers a token request.
func (a *Authority) give(w http.ResponseWriter, r *http.Request, g *grant) {
	a.mu.Lock()
	t := a.mint(g, r.PostFormValue("claims"))
	body := map[string]any{
		"token_type": "Bearer", "access_token": t.Text,
		"expires_in": int(a.tokenLife.Seconds()), "ext_expires_in": int(a.tokenLife.Seconds()),
	}
	if g.user.Name != "" {
		again := *g
		token := a.secret("refresh")
		a.refresh[token] = &again
		body["refresh_token"] = token
		body["scope"] = strings.Join(g.scopes, " ")
		body["client_info"] = encode(map[string]string{"uid": g.user.ID, "utid": a.Tenant})
		body["id_token"] = encode(map[string]string{"alg": "none"}) + "." + encode(map[string]any{
			"iss": a.URL + "/" + a.Tenant + "/v2.0", "aud": g.app.ID, "sub": g.user.ID, "oid": g.user.ID, "tid": a.Tenant,
			"preferred_username": g.user.Name, "name": g.user.Name, "exp": t.Expires.Unix(), "iat": time.Now().Unix(),
		}) + "."
	}
	a.mu.Unlock()
	writeJSON(w, http.StatusOK, body)
}

// mint makes an access token. The lock is held.
func (a *Authority) mint(g *grant, claims string) *Token {
	a.count++
	expires := time.Now().Add(a.tokenLife)
	content := map[string]any{
		"aud": g.app.Resource, "iss": a.URL + "/" + a.Tenant + "/", "tid": a.Tenant, "appid": g.app.ID,
		"iat": time.Now().Unix(), "nbf": time.Now().Unix(), "exp": expires.Unix(), "uti": a.random("uti"),
	}
	if g.user.Name != "" {
		content["upn"], content["oid"] = g.user.Name, g.user.ID
		names := make([]string, len(g.scopes))
		for i, scope := range g.scopes {
			names[i] = strings.TrimPrefix(scope, g.app.Resource+"/")
		}
		content["scp"] = strings.Join(names, " ")
	}
	signed := encode(map[string]string{"alg": "HS256", "typ": "JWT"}) + "." + encode(content)
	mac := hmac.New(sha256.New, a.key)
	mac.Write([]byte(signed))
	text := signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	t := &Token{Text: text, App: g.app.ID, User: g.user.Name, Scopes: slices.Clone(g.scopes), Claims: claims, Expires: expires}
	a.access[text] = t
	a.secrets = append(a.secrets, text)
	return t
}

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // a fault of this package
	}
	return base64.RawURLEncoding.EncodeToString(b)
}
