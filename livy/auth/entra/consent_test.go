// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
)

// TestMissingConsentIsNamed: whichever way the permission is missing.
func TestMissingConsentIsNamed(t *testing.T) {
	const lacking = "Code.AccessFabric.All"
	without := slices.DeleteFunc(slices.Clone(fabricScopes), func(s string) bool { return s == lacking })
	cases := map[string]func(*authtest.App){
		"not consented to":  func(app *authtest.App) { app.Consented = without },
		"not granted":       func(app *authtest.App) { app.Withheld = []string{lacking} },
		"not in the tenant": func(app *authtest.App) { app.Permissions = without },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := newAuthority(t, authtest.InProcess())
				registered := app()
				change(&registered)
				a.Register(registered)
				p := &authtest.Person{Authority: a, User: ann}
				_, err := header(asked(t, p), newSource(t, options(a, FlowDeviceCode)))
				var refused *auth.SignInError
				if !errors.As(err, &refused) || !slices.Equal(refused.Scopes, []string{FabricResource + "/" + lacking}) || !strings.Contains(err.Error(), lacking) {
					t.Errorf("error is %v", err)
				}
				if len(a.Tokens()) != 0 && name != "not granted" {
					t.Error("there is a token")
				}
			})
		})
	}
}

// TestNarrowedScopes: what is not asked for need not be consented to.
func TestNarrowedScopes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		registered := app()
		registered.Consented = []string{"Lakehouse.Execute.All", "Item.ReadWrite.All"}
		a.Register(registered)
		o := options(a, FlowDeviceCode)
		o.Scopes = []string{"Lakehouse.Execute.All", FabricResource + "/Item.ReadWrite.All"}
		good(t, asked(t, &authtest.Person{Authority: a, User: ann}), newSource(t, o), a)
	})
}
