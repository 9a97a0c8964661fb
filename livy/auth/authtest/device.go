// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package authtest

import (
	"crypto/rand"
	"errors"
	"net/http"
	"time"
)

// deviceInterval is how often a device code may be asked for.
const deviceInterval = 5 * time.Second

// device is a device code (RFC 8628).
type device struct {
	app      App
	scopes   string
	userCode string
	expires  time.Time
	polled   time.Time
	user     User
	declined bool
}

func (a *Authority) deviceCode(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	app, ok := a.apps[r.PostFormValue("client_id")]
	a.mu.Unlock()
	if !ok {
		a.refuse(w, unknownApp(r))
		return
	}
	if _, refused := app.userScopes(r.PostFormValue("scope"), false); refused != nil {
		a.refuse(w, *refused)
		return
	}
	a.mu.Lock()
	d := &device{app: app, scopes: r.PostFormValue("scope"), userCode: rand.Text()[:9], expires: time.Now().Add(a.codeLife)}
	code := a.secret("device")
	a.secrets = append(a.secrets, d.userCode)
	a.devices[code] = d
	life := a.codeLife
	a.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]any{
		"user_code": d.userCode, "device_code": code, "verification_uri": a.URL + "/device",
		"expires_in": int(life.Seconds()), "interval": int(deviceInterval.Seconds()),
		"message": "To sign in, use a web browser to open the page " + a.URL + "/device and enter the code " + d.userCode + " to authenticate.",
	})
}

// ErrCode tells that a user code is not known, or has expired.
var ErrCode = errors.New("authtest: the code is not known or has expired")

// EnterCode has a person enter a user code and sign in.
func (a *Authority) EnterCode(userCode, user string) error {
	return a.settle(userCode, func(d *device) { d.user = a.users[user] })
}

// DeclineCode has a person enter a user code and refuse.
func (a *Authority) DeclineCode(userCode string) error {
	return a.settle(userCode, func(d *device) { d.declined = true })
}

func (a *Authority) settle(userCode string, how func(*device)) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, d := range a.devices {
		if d.userCode == userCode && time.Now().Before(d.expires) {
			how(d)
			return nil
		}
	}
	return ErrCode
}

func (a *Authority) redeemDevice(app App, r *http.Request) (*grant, *Refusal) {
	if refused := public(app, r); refused != nil {
		return nil, refused
	}
	code := r.PostFormValue("device_code")
	a.mu.Lock()
	d, ok := a.devices[code]
	if !ok || d.app.ID != app.ID {
		a.mu.Unlock()
		return nil, &Refusal{Code: 70018, Error: "bad_verification_code", Text: "Bad verification code received from the device."}
	}
	fast := time.Since(d.polled) < deviceInterval
	d.polled = time.Now()
	seen := *d
	a.mu.Unlock()
	switch {
	case !time.Now().Before(seen.expires):
		return nil, &Refusal{Code: 70020, Error: "expired_token", Text: "The device code has expired."}
	case seen.declined:
		return nil, &Refusal{Code: 70017, Error: "authorization_declined", Text: "The end user denied the authorization request."}
	case seen.user.Name == "" && fast:
		return nil, &Refusal{Code: 70016, Error: "slow_down", Text: "The device asks too often."}
	case seen.user.Name == "":
		return nil, &Refusal{Code: 70016, Error: "authorization_pending", Text: "OAuth 2.0 device flow error. Authorization is pending. Continue polling."}
	}
	g, refused := a.scoped(&grant{app: app, user: seen.user}, r)
	if refused == nil {
		a.mu.Lock()
		delete(a.devices, code) // it is good for one token
		a.mu.Unlock()
	}
	return g, refused
}
