// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package authtest

import (
	"net/http"
	"net/url"
	"testing"
)

// TestDevicePage: what a person types in there is what the code is redeemed for.
func TestDevicePage(t *testing.T) {
	a := newAuthority(t)
	client := &http.Client{Transport: a.Transport()}
	form := url.Values{"client_id": {appID}, "scope": {resource + "/Read" + oidc}}
	redeem := func(user string) int {
		t.Helper()
		_, began := ask(t, a, "devicecode", form)
		page, err := client.Get(began["verification_uri"].(string))
		if err != nil {
			t.Fatal(err)
		}
		page.Body.Close()
		answer, err := client.PostForm(began["verification_uri"].(string), url.Values{"code": {began["user_code"].(string)}, "user": {user}})
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if page.StatusCode != http.StatusOK || (answer.StatusCode == http.StatusOK) != (user != "nobody") {
			t.Errorf("the page of %q answers %d, then %d", user, page.StatusCode, answer.StatusCode)
		}
		code, _ := ask(t, a, "token", url.Values{
			"grant_type": {"device_code"}, "client_id": {appID}, "client_info": {"1"}, "device_code": {began["device_code"].(string)}, "scope": form["scope"],
		})
		return code
	}
	for user, want := range map[string]int{ann: 0, "": 70017, "nobody": 70016} {
		if code := redeem(user); code != want {
			t.Errorf("user %q: code %d, want %d", user, code, want)
		}
	}
	answer, err := client.PostForm(a.URL+"/device", url.Values{"code": {"unknown"}, "user": {ann}})
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusBadRequest {
		t.Errorf("an unknown code: %d", answer.StatusCode)
	}
}
