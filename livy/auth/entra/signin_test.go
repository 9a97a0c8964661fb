// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"path/filepath"
	"testing"
	"testing/synctest"

	"github.com/livy-kernel/livy-kernel/livy/auth"
	"github.com/livy-kernel/livy-kernel/livy/auth/authtest"
	"github.com/livy-kernel/livy-kernel/livy/auth/tokencache"
)

// fixedKeys is a keyring with a key that is the same in all processes.
type fixedKeys struct{}

func (fixedKeys) Name() tokencache.Storage { return "test" }
func (fixedKeys) Get(context.Context) ([]byte, error) {
	return []byte("0123456789abcdef0123456789abcdef"), nil
}
func (fixedKeys) Set(context.Context, []byte) error { return nil }

func kept(t *testing.T, dir string) *tokencache.Cache {
	t.Helper()
	cache, err := tokencache.New(tokencache.Options{Dir: dir, Name: "test", Keys: []tokencache.Keys{fixedKeys{}}})
	if err != nil {
		t.Fatal(err)
	}
	return cache
}

// TestSignedInForAll: a sign-in ahead of time serves other kernels, and until
// the sign-out only.
func TestSignedInForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		dir := filepath.Join(t.TempDir(), "tokens")
		source := func(flow Flow) *Source {
			o := options(a, flow)
			o.Cache = kept(t, dir)
			return newSource(t, o)
		}
		if _, ok, err := source(FlowAuto).Account(t.Context()); ok || err != nil {
			t.Errorf("before the sign-in there is an account: %v", err)
		}
		login := source(FlowAuto)
		p := &authtest.Person{Authority: a, User: ann}
		if err := login.SignIn(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		for _, flow := range []Flow{FlowAuto, FlowDeviceCode, FlowBrowser} {
			kernel := source(flow)
			account, ok, err := kernel.Account(t.Context())
			if err != nil || !ok || account.Name != ann || account.Storage != "test" {
				t.Errorf("account is %+v, %v, %v", account, ok, err)
			}
			good(t, t.Context(), kernel, a)
		}
		if n := len(a.Tokens()); n != 1 {
			t.Errorf("%d tokens for one sign-in", n)
		}
		// Who signs in again takes the other account's place.
		a.AddUser("bob@contoso.example")
		if err := login.SignIn(t.Context(), &authtest.Person{Authority: a, User: "bob@contoso.example"}); err != nil {
			t.Fatal(err)
		}
		got := good(t, t.Context(), source(FlowAuto), a)
		if token, err := a.Check(got); err != nil || token.User != "bob@contoso.example" {
			t.Errorf("the token is of %q, %v", token.User, err)
		}
		if err := login.SignOut(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, s := range []*Source{login, source(FlowAuto)} {
			if _, err := header(t.Context(), s); err == nil {
				t.Error("a token after the sign-out")
			}
		}
	})
}

// TestAutoPrefersTheAccount to the application of the environment.
func TestAutoPrefersTheAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		o := options(a, FlowAuto)
		o.Secret = auth.NewSecret(secret)
		o.Cache = kept(t, filepath.Join(t.TempDir(), "tokens"))
		check := func(want string) {
			t.Helper()
			if token, err := a.Check(good(t, t.Context(), newSource(t, o), a)); err != nil || token.User != want {
				t.Errorf("the token is of %q, %v", token.User, err)
			}
		}
		check("") // the application
		if err := newSource(t, o).SignIn(t.Context(), &authtest.Person{Authority: a, User: ann}); err != nil {
			t.Fatal(err)
		}
		check(ann)
	})
}

func TestNoticeOfMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		cache, err := tokencache.New(tokencache.Options{Dir: filepath.Join(t.TempDir(), "tokens"), Name: "a", Keys: []tokencache.Keys{}})
		if err != nil {
			t.Fatal(err)
		}
		o := options(a, FlowDeviceCode)
		o.Cache = cache
		s := newSource(t, o)
		good(t, asked(t, &authtest.Person{Authority: a, User: ann}), s, a)
		if first, second := s.Notices(), s.Notices(); len(first) != 1 || len(second) != 0 {
			t.Errorf("told %q, then %q", first, second)
		}
		o.Flow, o.Secret = FlowClientSecret, auth.NewSecret(secret)
		application := newSource(t, o)
		good(t, t.Context(), application, a)
		if told := application.Notices(); len(told) != 0 {
			t.Errorf("an application is told %q", told)
		}
	})
}

func TestInspect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAuthority(t, authtest.InProcess())
		s := newSource(t, options(a, FlowDeviceCode))
		if err := s.SignIn(t.Context(), &authtest.Person{Authority: a, User: ann}); err != nil {
			t.Fatal(err)
		}
		info, readable, err := s.Inspect(t.Context())
		if err != nil || !readable || info.Audience != FabricResource || info.Tenant != a.Tenant || len(info.Scopes) != len(fabricScopes) || len(info.Missing) != 0 {
			t.Errorf("%+v, %v, %v", info, readable, err)
		}
		s.o.Scopes = append(s.o.Scopes, FabricResource+"/More.All")
		if info, _, _ := s.Inspect(t.Context()); len(info.Missing) != 1 || info.Missing[0] != "More.All" {
			t.Errorf("missing are %q", info.Missing)
		}
	})
	if left := Missing(FabricScopes(), []string{"user_impersonation"}); left != nil {
		t.Errorf("the Azure CLI's token lacks %q", left)
	}
	for _, text := range []string{"", "opaque", "a.b.c", "a..c", "a.e30.c.d"} {
		if _, readable := readToken(text); readable {
			t.Errorf("%q is readable", text)
		}
	}
}
