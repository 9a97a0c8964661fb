// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package authtest

import (
	"crypto/x509"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// App is the registration of an application.
type App struct {
	ID string
	// Public allows sign-ins of persons without a secret.
	Public bool
	// Redirects are the redirect URIs; "http://localhost" stands for any port.
	Redirects []string
	// Resource is the service that its permissions are for.
	Resource string
	// Permissions are what the registration lists, with or without the resource.
	Permissions []string
	// Consented are those of them that were consented to.
	Consented []string
	// Withheld are those that are asked for and consented to, and yet missing
	// from the token.
	Withheld []string
	// Secret, Certificates and Subject are its credentials: a secret, what signs
	// assertions, and the subject of a federated token.
	Secret       string
	Certificates []*x509.Certificate
	Subject      string
}

// User is a person of the tenant.
type User struct {
	Name string // the user name that the person signs in with
	ID   string // the object id
}

// Register adds an application, or changes it.
func (a *Authority) Register(app App) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, names := range []*[]string{&app.Permissions, &app.Consented, &app.Withheld} {
		*names = slices.Clone(*names)
		for i, name := range *names {
			(*names)[i] = strings.TrimPrefix(name, app.Resource+"/")
		}
	}
	a.apps[app.ID] = app
	if app.Secret != "" {
		a.secrets = append(a.secrets, app.Secret)
	}
}

// AddUser adds a person.
func (a *Authority) AddUser(name string) User {
	a.mu.Lock()
	defer a.mu.Unlock()
	u := User{Name: name, ID: "0000000" + itoa(len(a.users)+1) + "-0000-4000-8000-000000000000"}
	a.users[name] = u
	return u
}

// redirects reports whether uri is a redirect of the application.
func (app App) redirects(uri string) bool {
	u, err := url.Parse(uri)
	if err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	for _, registered := range app.Redirects {
		if uri == registered || registered == "http://localhost" && u.Scheme == "http" && u.Hostname() == "localhost" && u.Path == "" {
			return true
		}
	}
	return false
}

// userScopes checks the scopes of a sign-in by a person and returns those of
// the resource.
func (app App) userScopes(text string, consent bool) ([]string, *Refusal) {
	var scopes, lacking []string
	oidc := 0
	for _, scope := range strings.Fields(text) {
		name, ofResource := strings.CutPrefix(scope, app.Resource+"/")
		switch {
		case scope == "openid" || scope == "profile" || scope == "offline_access":
			oidc++
		case !ofResource:
			return nil, &Refusal{Code: 500011, Error: "invalid_resource", Text: "The resource principal named " + scope + " was not found in the tenant."}
		case !contains(app.Permissions, name):
			return nil, &Refusal{Code: 650053, Error: "invalid_client", Text: "The application asked for scope '" + name + "' that doesn't exist on the resource."}
		case consent && !contains(app.Consented, name):
			lacking = append(lacking, name)
		default:
			scopes = append(scopes, scope)
		}
	}
	switch {
	case len(lacking) > 0:
		return nil, &Refusal{Code: 65001, Sub: "consent_required", Text: "The user or administrator has not consented to use the application with ID '" + app.ID + "' for: " + strings.Join(lacking, ", ") + ". Send an interactive authorization request for this user and resource."}
	case oidc != 3:
		return nil, &Refusal{Code: 70011, Error: "invalid_scope", Text: "openid, profile and offline_access are asked for by every client of this test."}
	case len(scopes) == 0:
		return nil, &Refusal{Code: 90014, Error: "invalid_request", Text: "The required field 'scope' is missing from the credential."}
	}
	return scopes, nil
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

func itoa(n int) string { return strconv.Itoa(n) }
