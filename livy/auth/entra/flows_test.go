// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
)

func TestClientSecret(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		s := newSource(t, options(a, FlowClientSecret))
		first := good(t, t.Context(), s, a)
		if again := good(t, t.Context(), s, a); again != first {
			t.Error("a second token was got while the first was good")
		}
		time.Sleep(56 * time.Minute) // 5 minutes before its end it is renewed
		if later := good(t, t.Context(), s, a); later == first {
			t.Error("the token was not renewed before its end")
		}
		if n := len(a.Grants("client_credentials")); n != 2 {
			t.Errorf("%d tokens were asked for", n)
		}
	})
}

func TestWrongSecret(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		o := options(a, FlowClientSecret)
		o.Secret = auth.NewSecret("wrong")
		_, err := header(t.Context(), newSource(t, o))
		var refused *auth.SignInError
		if !errors.As(err, &refused) || refused.Code != "AADSTS7000215" || refused.CorrelationID != authtest.CorrelationID || !strings.Contains(err.Error(), "client secret is wrong") {
			t.Errorf("error is %v", err)
		}
	})
}

func TestDeviceCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		p := &authtest.Person{Authority: a, User: ann}
		s := newSource(t, options(a, FlowDeviceCode))
		good(t, asked(t, p), s, a)
		if errs := p.Errors(); len(errs) != 0 {
			t.Fatal(errs)
		}
		prompts := p.Prompts()
		if len(prompts) != 1 || p.Shown() != 0 {
			t.Fatalf("%d prompts, %d of them are still shown", len(prompts), p.Shown())
		}
		if got := prompts[0]; got.UserCode == "" || !strings.Contains(got.Message, got.UserCode) || !strings.Contains(got.Message, "sales") || got.URL != a.URL+"/device" {
			t.Errorf("prompt is %+v", got)
		}
		time.Sleep(2 * time.Hour) // and long after, nobody is asked again
		good(t, t.Context(), s, a)
		if n := len(a.Grants("refresh_token")); n != 1 || len(p.Prompts()) != 1 {
			t.Errorf("%d refreshes, %d prompts", n, len(p.Prompts()))
		}
	})
}
