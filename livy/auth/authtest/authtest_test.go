// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package authtest

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	appID    = "99999999-8888-4777-8666-555555555555"
	resource = "https://api.example"
	oidc     = " openid profile offline_access"
	ann      = "ann@contoso.example"
)

func newAuthority(t *testing.T) *Authority {
	t.Helper()
	a := New(InProcess(), CodeLife(time.Minute))
	t.Cleanup(a.Close)
	a.Register(App{
		ID: appID, Public: true, Redirects: []string{"http://localhost"}, Resource: resource, Secret: "s3cret", Subject: "job",
		Permissions: []string{"Read", "Write"}, Consented: []string{"Read"},
	})
	a.AddUser(ann)
	return a
}

// ask sends a request and returns the code of the refusal; 0 for an answer.
func ask(t *testing.T, a *Authority, path string, form url.Values) (code int, answer map[string]any) {
	t.Helper()
	client := &http.Client{Transport: a.Transport()}
	resp, err := client.PostForm(a.URL+"/"+a.Tenant+"/oauth2/v2.0/"+path, form)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if codes, ok := answer["error_codes"].([]any); ok {
		code = int(codes[0].(float64))
	}
	if (code == 0) != (resp.StatusCode == http.StatusOK) {
		t.Errorf("status %d with %v", resp.StatusCode, answer)
	}
	return code, answer
}

// change is one field of a request that differs from a good one.
type change struct {
	field, value string
	code         int
}

func (c change) apply(form url.Values) url.Values {
	changed := url.Values{}
	for name := range form {
		changed.Set(name, form.Get(name))
	}
	if c.field != "" {
		changed.Set(c.field, c.value)
	}
	return changed
}

func TestClientCredentials(t *testing.T) {
	a := newAuthority(t)
	secret := url.Values{"grant_type": {"client_credentials"}, "client_id": {appID}, "client_secret": {"s3cret"}, "scope": {resource + "/.default" + oidc}}
	federated := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {appID}, "scope": {resource + "/.default"},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {a.FederatedToken("job", time.Hour)},
	}
	for name, c := range map[string]struct {
		good    url.Values
		changes []change
	}{
		"secret": {secret, []change{
			{"", "", 0}, {"client_secret", "wrong", 7000215}, {"client_id", "unknown", 700016}, {"scope", resource + "/Read", 1002012},
			{"grant_type", "password", 70003}, {"claims", "{", 9002313},
		}},
		"federated": {federated, []change{
			{"", "", 0}, {"client_assertion", a.FederatedToken("other", time.Hour), 700213}, {"client_assertion", a.FederatedToken("job", -time.Hour), 700024},
			{"client_assertion", New(InProcess()).FederatedToken("job", time.Hour), 700211}, {"client_assertion", "a.b", 50027},
		}},
	} {
		for _, change := range c.changes {
			if code, _ := ask(t, a, "token", change.apply(c.good)); code != change.code {
				t.Errorf("%s with %s: code %d, want %d", name, change.field, code, change.code)
			}
		}
	}
}

func TestDeviceCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t)
		request := url.Values{"client_id": {appID}, "scope": {resource + "/Read" + oidc}}
		for _, c := range []change{
			{"client_id", "unknown", 700016}, {"scope", resource + "/Delete" + oidc, 650053}, {"scope", "https://other/Read" + oidc, 500011},
			{"scope", resource + "/Read", 70011}, {"scope", oidc, 90014},
		} {
			if code, _ := ask(t, a, "devicecode", c.apply(request)); code != c.code {
				t.Errorf("%s %q: code %d, want %d", c.field, c.value, code, c.code)
			}
		}
		_, given := ask(t, a, "devicecode", request)
		poll := url.Values{
			"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "client_id": {appID}, "client_info": {"1"},
			"device_code": {given["device_code"].(string)}, "scope": request["scope"],
		}
		for _, want := range []string{"authorization_pending", "slow_down"} {
			if _, answer := ask(t, a, "token", poll); answer["error"] != want {
				t.Errorf("answer is %v, want %s", answer, want)
			}
		}
		if err := a.EnterCode(given["user_code"].(string), ann); err != nil {
			t.Fatal(err)
		}
		for _, c := range []change{{"scope", resource + "/Write" + oidc, 65001}, {"device_code", "x", 70018}, {"client_info", "", 90023}, {"", "", 0}, {"", "", 70018}} {
			if code, _ := ask(t, a, "token", c.apply(poll)); code != c.code {
				t.Errorf("%s: code %d, want %d", c.field, code, c.code)
			}
		}
		_, given = ask(t, a, "devicecode", request)
		poll.Set("device_code", given["device_code"].(string))
		time.Sleep(time.Minute)
		if err := a.EnterCode(given["user_code"].(string), ann); !errors.Is(err, ErrCode) {
			t.Errorf("an expired code: %v", err)
		}
		if _, answer := ask(t, a, "token", poll); answer["error"] != "expired_token" {
			t.Errorf("answer is %v", answer)
		}
	})
}

func TestAuthorizationCode(t *testing.T) {
	a := newAuthority(t)
	// The example of RFC 7636, appendix B.
	const verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	query := url.Values{
		"client_id": {appID}, "scope": {resource + "/Read" + oidc}, "redirect_uri": {"http://localhost:4711"}, "response_type": {"code"},
		"response_mode": {"form_post"}, "state": {"st"}, "code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
	visit := func(c change) (Form, error) {
		return a.Visit(a.URL+"/"+a.Tenant+"/oauth2/v2.0/authorize?"+c.apply(query).Encode(), ann)
	}
	for _, c := range []change{
		{"redirect_uri", "http://localhost:4711/path", 50011}, {"redirect_uri", "http://127.0.0.1:4711", 50011}, {"redirect_uri", "https://localhost:1", 50011},
		{"code_challenge_method", "plain", 9002325}, {"code_challenge", "", 9002325}, {"response_mode", "query", 900144}, {"state", "", 900144}, {"client_id", "x", 700016},
	} {
		if _, err := visit(c); err == nil || !strings.Contains(err.Error(), "AADSTS"+itoa(c.code)) {
			t.Errorf("%s %q: %v, want %d", c.field, c.value, err, c.code)
		}
	}
	for _, c := range []change{{"code_verifier", "wrong", 501481}, {"redirect_uri", "http://localhost:1", 500112}, {"code", "x", 70008}, {"", "", 0}} {
		form, err := visit(change{})
		if err != nil || form.Action != "http://localhost:4711" || form.Fields.Get("state") != "st" {
			t.Fatalf("form is %+v, %v", form, err)
		}
		redeem := url.Values{
			"grant_type": {"authorization_code"}, "client_id": {appID}, "client_info": {"1"}, "code": {form.Fields.Get("code")},
			"code_verifier": {verifier}, "redirect_uri": {"http://localhost:4711"}, "scope": query["scope"],
		}
		if code, _ := ask(t, a, "token", c.apply(redeem)); code != c.code {
			t.Errorf("%s: code %d, want %d", c.field, code, c.code)
		}
		if code, _ := ask(t, a, "token", redeem); code != 70008 && c.field != "code" {
			t.Errorf("%s: a code was good twice: %d", c.field, code)
		}
	}
}

func TestCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t)
		token := func() string {
			_, given := ask(t, a, "devicecode", url.Values{"client_id": {appID}, "scope": {resource + "/Read" + oidc}})
			if err := a.EnterCode(given["user_code"].(string), ann); err != nil {
				t.Fatal(err)
			}
			_, answer := ask(t, a, "token", url.Values{
				"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "client_id": {appID}, "client_info": {"1"},
				"device_code": {given["device_code"].(string)}, "scope": {resource + "/Read" + oidc},
			})
			return "Bearer " + answer["access_token"].(string)
		}
		first := token()
		if got, err := a.Check(first, resource+"/Read"); err != nil || got.User != ann {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := a.Check(first, resource+"/Write"); !errors.Is(err, ErrScope) {
			t.Errorf("a scope that is not in it: %v", err)
		}
		for _, unknown := range []string{"", "Bearer x", "Basic " + first[7:], first + "x"} {
			if _, err := a.Check(unknown); !errors.Is(err, ErrUnknownToken) {
				t.Errorf("%q: %v", unknown, err)
			}
		}
		a.RevokeAccess()
		if _, err := a.Check(first); !errors.Is(err, ErrRevoked) {
			t.Errorf("a revoked token: %v", err)
		}
		second := token()
		time.Sleep(time.Hour)
		if _, err := a.Check(second); !errors.Is(err, ErrExpired) {
			t.Errorf("an old token: %v", err)
		}
	})
}

func TestUnknownTenant(t *testing.T) {
	a := newAuthority(t)
	resp, err := (&http.Client{Transport: a.Transport()}).Get(a.URL + "/elsewhere/v2.0/.well-known/openid-configuration")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("status is %d", resp.StatusCode)
	}
	if _, err := (&http.Client{Transport: a.Transport()}).Get("https://elsewhere.example/"); err == nil {
		t.Error("the transport went elsewhere")
	}
}
