// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package authtest

import (
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// signedIn is the header by which the browser of this package says who is
// signed in; a real one has a cookie and a password.
const signedIn = "X-Authtest-User"

// authorize answers authorization requests with the form that a browser posts
// to the redirect (OAuth 2.0 Form Post Response Mode).
func (a *Authority) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	a.mu.Lock()
	app, known := a.apps[q.Get("client_id")]
	user, isUser := a.users[r.Header.Get(signedIn)]
	a.mu.Unlock()
	scopes, refused := app.userScopes(q.Get("scope"), false)
	switch {
	case !known:
		refused = &Refusal{Code: 700016, Text: "Application was not found."}
	case !app.redirects(q.Get("redirect_uri")):
		refused = &Refusal{Code: 50011, Text: "The redirect URI specified in the request does not match the redirect URIs configured for the application."}
	case refused != nil:
	case q.Get("response_type") != "code" || q.Get("response_mode") != "form_post" || q.Get("state") == "":
		refused = &Refusal{Code: 900144, Text: "The request lacks response_type, response_mode or state."}
	case q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43:
		refused = &Refusal{Code: 9002325, Text: "Proof Key for Code Exchange is required for cross-origin authorization code redemption."}
	}
	if refused != nil { // a page, and nothing for the redirect
		http.Error(w, describe(*refused), http.StatusBadRequest)
		return
	}
	fields := url.Values{"state": {q.Get("state")}}
	switch {
	case !isUser:
		fields.Set("error", "access_denied")
		fields.Set("error_description", describe(Refusal{Code: 65004, Text: "User declined to consent to access the app."}))
	default:
		a.mu.Lock()
		code := a.secret("code")
		a.codes[code] = &grant{
			app: app, user: user, scopes: scopes, redirect: q.Get("redirect_uri"), challenge: q.Get("code_challenge"),
			expires: time.Now().Add(10 * time.Minute),
		}
		a.mu.Unlock()
		fields.Set("code", code)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<html><body><form method=\"POST\" action=\"%s\">", html.EscapeString(q.Get("redirect_uri")))
	for name := range fields {
		fmt.Fprintf(w, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", name, html.EscapeString(fields.Get(name)))
	}
	fmt.Fprint(w, "</form><script>document.forms[0].submit()</script></body></html>")
}

var (
	actionPattern = regexp.MustCompile(`<form method="POST" action="([^"]*)">`)
	fieldPattern  = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

// Form is what a browser posts to the redirect after a sign-in.
type Form struct {
	Action string
	Fields url.Values
}

// Visit opens the link of a sign-in as a browser in which user is signed in,
// and returns the form of the page. Without a user, the consent is refused.
func (a *Authority) Visit(link, user string) (Form, error) {
	req, err := http.NewRequest(http.MethodGet, link, http.NoBody)
	if err != nil {
		return Form{}, err
	}
	req.Header.Set(signedIn, user)
	resp, err := (&http.Client{Transport: a.Transport()}).Do(req)
	if err != nil {
		return Form{}, err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		return Form{}, err
	}
	action := actionPattern.FindSubmatch(page)
	if action == nil {
		return Form{}, errors.New("authtest: " + strings.TrimSpace(string(page)))
	}
	form := Form{Action: html.UnescapeString(string(action[1])), Fields: url.Values{}}
	for _, field := range fieldPattern.FindAllSubmatch(page, -1) {
		form.Fields.Set(string(field[1]), html.UnescapeString(string(field[2])))
	}
	return form, nil
}

// Post posts the form, as the page's script does.
func (f Form) Post() error {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.PostForm(f.Action, f.Fields)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
