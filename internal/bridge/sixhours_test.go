// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/livy-kernel/livy-kernel/internal/config"
	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
	"github.com/livy-kernel/livy-kernel/livy/auth/entra"
	"github.com/livy-kernel/livy-kernel/livy/livytest"
)

const (
	ann      = "ann@contoso.example"
	salesApp = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
)

var shownCode = regexp.MustCompile(`the code (\S+) at`)

// enters waits until the cell shows a code, and enters it.
func enters(t *testing.T, r *recorder, authority *authtest.Authority) string {
	t.Helper()
	r.await(t, "enter the code ")
	code := shownCode.FindStringSubmatch(r.shown())[1]
	if err := authority.EnterCode(code, ann); err != nil {
		t.Errorf("code %q: %v", code, err)
	}
	return code
}

// TestRow58SixHours: a cell of six hours on a Fabric that takes no token after
// its hour and no idle session after 20 minutes. The sign-in is renewed silently;
// once that is refused the cell asks, and then goes on. The code runs once.
func TestRow58SixHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		authority := authtest.New(authtest.InProcess())
		authority.AddUser(ann)
		authority.Register(authtest.App{ID: salesApp, Public: true, Resource: entra.FabricResource, Permissions: entra.FabricScopes(), Consented: entra.FabricScopes()})
		refused := 0
		engine := livytest.NewEngine()
		engine.On("long", lasting(6*time.Hour))
		srv := fabricInMemory(t, engine, livytest.Fabric{IdleTimeout: 20 * time.Minute, Token: func(token string) error {
			_, err := authority.Check("Bearer " + token)
			if err != nil {
				refused++
			}
			return err
		}})
		source, err := entra.New(entra.Options{
			Profile: "sales", Origin: srv.Endpoint(), Tenant: authority.Tenant, ClientID: salesApp, Authority: authority.URL,
			Flow: entra.FlowDeviceCode, Transport: authority.Transport(),
		})
		if err != nil {
			t.Fatal(err)
		}
		b := salesOn(t, srv, source, config.Kernel{}, Options{})

		r, done := &recorder{}, make(chan error, 1)
		go func() { done <- b.Execute(t.Context(), withStdin("long"), r) }()
		first := enters(t, r, authority)
		time.Sleep(3*time.Hour + 30*time.Minute)
		if got := r.shown(); strings.Contains(got, first) || strings.Contains(got, "sign in") || len(authority.Grants("refresh_token")) < 3 {
			t.Errorf("%d refreshes, shown %q", len(authority.Grants("refresh_token")), got)
		}
		authority.RevokeSignIns()
		second := enters(t, r, authority)
		if err := <-done; err != nil || r.stdout() != "done\n" {
			t.Errorf("error %v, stdout %q", err, r.stdout())
		}
		if got := r.shown(); second == first || strings.Contains(got, second) || strings.Contains(got, "sign in") {
			t.Errorf("codes %s and %s, shown %q", first, second, got)
		}
		if engine.Runs("long") != 1 || srv.Submissions("long") != 1 || refused != 0 {
			t.Errorf("ran %d times, submitted %d times, %d tokens refused", engine.Runs("long"), srv.Submissions("long"), refused)
		}
		if err := b.Close(t.Context(), false); err != nil {
			t.Error(err)
		}
		source.CloseIdleConnections()
	})
}
