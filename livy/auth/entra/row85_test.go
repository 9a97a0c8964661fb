// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
)

// TestRow85NoRunningTime: the running time stands still while the machine
// sleeps, and so none of the times that a token is judged by may hold one. A
// token that ended in the sleep is then known to have.
func TestRow85NoRunningTime(t *testing.T) {
	runs := func(at time.Time) bool { return strings.Contains(at.String(), " m=") }
	if at := time.Now(); !runs(at) {
		t.Fatalf("%s holds no running time, and nothing is tested", at)
	}
	judged := func(of string, times ...time.Time) {
		for _, at := range times {
			if at.IsZero() || runs(at) {
				t.Errorf("%s: %s", of, at)
			}
		}
	}
	a := newAuthority(t, authtest.InProcess())
	s := newSource(t, options(a, FlowClientSecret))
	good(t, t.Context(), s, a)
	judged("signed in", s.current.got, s.current.expires, s.retry, now())
	aged(s)
	if err := s.Unauthorized(t.Context(), http.Header{}); err != nil {
		t.Fatal(err)
	}
	judged("renewed", s.current.got, s.current.expires, s.retry)
	person := userToken(public.AuthResult{ExpiresOn: time.Now().Add(time.Hour)})
	judged("of a person", person.got, person.expires)
}
