// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

func TestChallenge(t *testing.T) {
	const claims = `{"access_token":{"nbf":{"essential":true}}}`
	encoded := base64.StdEncoding.EncodeToString([]byte(claims))
	cases := []struct {
		name   string
		values []string
		want   string
	}{
		{"none", nil, ""},
		{"no claims", []string{`Bearer realm="x", error="invalid_token"`}, ""},
		{"claims", []string{`Bearer realm="x", claims="` + encoded + `"`}, claims},
		{"small letters and no quotes", []string{`bearer claims=` + strings.TrimRight(encoded, "=")}, claims},
		{"the second scheme", []string{"Negotiate", `Bearer claims="` + encoded + `", error="insufficient_claims"`}, claims},
		{"claims in a quoted string", []string{`Bearer error="claims=` + encoded + `"`}, ""},
		{"another scheme", []string{`PoP claims="` + encoded + `"`}, ""},
		{"no base64", []string{`Bearer claims="{}"`}, ""},
		{"no object", []string{`Bearer claims="` + base64.StdEncoding.EncodeToString([]byte("[1]")) + `"`}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := challenge(http.Header{"Www-Authenticate": c.values}); got != c.want {
				t.Errorf("claims are %q", got)
			}
		})
	}
}

// FuzzChallenge: what is handed to MSAL is a JSON object, or nothing.
func FuzzChallenge(f *testing.F) {
	f.Add(`Bearer realm="", error="insufficient_claims", claims="eyJhIjp7fX0="`)
	f.Add(`Bearer claims=eyJhIjp7fX0`)
	f.Add(`Bearer claims="\"", x=`)
	f.Fuzz(func(t *testing.T, value string) {
		claims := challenge(http.Header{"Www-Authenticate": {value}})
		var object map[string]any
		if claims != "" && json.Unmarshal([]byte(claims), &object) != nil {
			t.Errorf("%q gives %q", value, claims)
		}
	})
}

// FuzzRefusal: no text of a refusal becomes text of the error, beyond codes and
// scopes that were asked for.
func FuzzRefusal(f *testing.F) {
	f.Add(`http call(https://login.example/t)(POST) error: reply status code was 400:` + "\n" +
		`{"error":"invalid_grant","error_description":"AADSTS65001: Lakehouse.Read.All. Correlation ID: aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee","error_codes":[65001],"suberror":"consent_required"}`)
	f.Add(`{"error":7}`)
	f.Add(`{"error":"x","error_codes":[-1]}`)
	s, err := New(Options{Origin: origin, ClientID: clientID})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var refused *auth.SignInError
		if err := s.refused(text, http.StatusBadRequest); !errors.As(err, &refused) {
			t.Fatalf("%q gives %v", text, err)
		}
		shown := refused.Error()
		if !utf8.ValidString(shown) || strings.ContainsFunc(shown, func(r rune) bool { return r < ' ' }) || len(shown) > 1000 {
			t.Errorf("%q is shown as %q", text, shown)
		}
		for _, scope := range refused.Scopes {
			if !strings.HasPrefix(scope, FabricResource+"/") {
				t.Errorf("%q names the scope %q", text, scope)
			}
		}
	})
}
