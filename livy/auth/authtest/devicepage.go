// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package authtest

import (
	"html"
	"net/http"
	"strings"
)

// devicePage is where a person enters a user code. In place of a password it
// takes a user name; without one, the person declines.
const devicePage = `<!DOCTYPE html>
<html lang="en"><head><title>Enter code</title></head><body>
<form method="POST"><label>Code <input name="code"></label> <label>User <input name="user"></label> <button>Next</button></form>
<p>MESSAGE</p></body></html>
`

func (a *Authority) showDevicePage(w http.ResponseWriter, message string, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(strings.Replace(devicePage, "MESSAGE", html.EscapeString(message), 1))) // the browser may be gone
}

// enterCode settles the code that was typed in.
func (a *Authority) enterCode(w http.ResponseWriter, r *http.Request) {
	code, user := r.PostFormValue("code"), r.PostFormValue("user")
	a.mu.Lock()
	_, known := a.users[user]
	a.mu.Unlock()
	var err error
	switch {
	case user == "":
		err = a.DeclineCode(code)
	case !known:
		a.showDevicePage(w, "The user is not known.", http.StatusBadRequest)
		return
	default:
		err = a.EnterCode(code, user)
	}
	if err != nil {
		a.showDevicePage(w, "The code is not known, or has expired.", http.StatusBadRequest)
		return
	}
	a.showDevicePage(w, "You can close this window.", http.StatusOK)
}
