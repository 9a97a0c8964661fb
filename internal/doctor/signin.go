// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/entra"
)

// signIn gets a credential.
func (d *doctor) signIn(ctx context.Context) (detail, todo string, err error) {
	header, err := d.connection.Authorization(ctx)
	if err != nil {
		return "", d.signInTodo(err), err
	}
	token, isToken := strings.CutPrefix(header, "Bearer ")
	switch {
	case header == "":
		return "the server asks for none, as far as the profile says", unwise(d.Profile.Unguarded()), nil
	case !isToken:
		return "as " + d.Profile.Username, "", nil
	}
	d.token = token
	c, ok := claimsOf(token)
	if !ok {
		return "with a token that does not tell whose it is", "", nil
	}
	return fmt.Sprintf("%s, for %s, valid for %s", c.who(), orNone(c.Audience), time.Until(time.Unix(c.Expires, 0)).Round(time.Minute)), "", nil
}

// signInTodo says what to do about a sign-in that failed. A refusal says that
// itself.
func (d *doctor) signInTodo(err error) string {
	var refused *auth.SignInError
	var silent *auth.UnreachableError
	switch {
	case errors.As(err, new(*auth.RequiredError)):
		return "livy-kernel login " + d.Profile.Name
	case errors.As(err, &refused):
		return "livy-kernel explain SignInFailed"
	case errors.As(err, &silent):
		return "check the way to " + silent.Host + "; where a proxy is needed, install again with HTTPS_PROXY set"
	}
	return ""
}

// scopes looks into the token for what it allows.
func (d *doctor) scopes(context.Context) (detail, todo string, err error) {
	detail, todo = describeScopes(d.token, d.Profile)
	return detail, todo, nil
}

// describeScopes says what a token allows, and what to do where that is not
// what the profile asks for.
func describeScopes(token string, p config.Profile) (detail, todo string) {
	c, ok := claimsOf(token)
	switch {
	case !ok:
		return "the token does not tell what it allows", ""
	case c.Scopes == "" && len(c.Roles) == 0:
		return "none: an application has the rights of its role in the workspace", ""
	}
	if missing := entra.Missing(wantedScopes(p), strings.Fields(c.Scopes)); c.Scopes != "" && len(missing) > 0 {
		todo = "these permissions were not granted: " + strings.Join(missing, ", ") +
			"; an administrator can grant them to the application, or ask for less with --scope"
	}
	return strings.Join(append(strings.Fields(c.Scopes), c.Roles...), " "), todo
}

// wantedScopes are the permissions that the profile asks a person for.
func wantedScopes(p config.Profile) []string {
	if len(p.Scopes) > 0 {
		return p.Scopes
	}
	return entra.FabricScopes()
}

// claims are what a JSON Web Token says of itself. It is not verified: that is
// the server's part.
type claims struct {
	Audience string   `json:"aud"`
	Expires  int64    `json:"exp"`
	Scopes   string   `json:"scp"`
	Roles    []string `json:"roles"`
	User     string   `json:"upn"`
	Name     string   `json:"preferred_username"`
	App      string   `json:"appid"`
}

func (c claims) who() string {
	switch {
	case c.User != "":
		return "as " + c.User
	case c.Name != "":
		return "as " + c.Name
	case c.App != "":
		return "as application " + c.App
	}
	return "with a token"
}

func orNone(text string) string {
	if text == "" {
		return "nobody in particular"
	}
	return text
}

// claimsOf reads the middle part of a token; ok is false for one of another
// form, which is the issuer's good right.
func claimsOf(token string) (c claims, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return c, false
	}
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return c, false
	}
	return c, json.Unmarshal(body, &c) == nil && c.Expires > 0
}
