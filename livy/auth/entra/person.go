// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package entra

import (
	"context"
	"strings"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"github.com/livy-kernel/livy-kernel/livy/auth"
)

// capabilities tell the service that claims challenges are understood.
var capabilities = []string{"CP1"}

// anyClaims ask for nothing, and yet keep MSAL from answering with the token
// that it holds.
const anyClaims = "{}"

// public returns a client for the accounts of persons. It is made anew for each
// call: what it knows is in the cache, and little else is worth keeping.
func (s *Source) public() (public.Client, error) {
	return public.New(s.o.ClientID,
		public.WithAuthority(s.o.Authority+"/"+s.o.Tenant),
		public.WithHTTPClient(s.client),
		// The authority is one that the user trusts, or a known one: asking
		// Microsoft's public cloud about it would add nothing.
		public.WithInstanceDiscovery(false),
		public.WithClientCapabilities(capabilities),
		public.WithCache(s.cache))
}

// cached gets a token for the account that signed in before.
func (s *Source) cached(ctx context.Context, n need) (token, error) {
	ctx, end := s.cache.Begin(ctx)
	defer end()
	client, err := s.public()
	if err != nil {
		return token{}, s.failed(ctx, err)
	}
	account, err := s.account(ctx, client)
	if err != nil {
		return token{}, err
	}
	silent := []public.AcquireSilentOption{public.WithSilentAccount(account)}
	if n.claims == "" {
		got, err := client.AcquireTokenSilent(ctx, s.o.Scopes, silent...)
		if err != nil && got.AccessToken == "" {
			return token{}, s.failed(ctx, err)
		}
		// With a token beside the error, only an early refresh failed. Another
		// process may have a new token in place of the refused one already.
		if !n.force || got.AccessToken != n.refused.secret.Reveal() {
			return userToken(got), nil
		}
	}
	got, err := client.AcquireTokenSilent(ctx, s.o.Scopes, append(silent, public.WithClaims(or(n.claims, anyClaims)))...)
	if err != nil {
		return token{}, s.failed(ctx, err)
	}
	return userToken(got), nil
}

// account returns the account of the cache, or errNoAccount.
func (s *Source) account(ctx context.Context, client public.Client) (public.Account, error) {
	accounts, err := client.Accounts(ctx)
	if err != nil {
		return public.Account{}, s.failed(ctx, err)
	}
	for _, account := range accounts {
		if strings.EqualFold(account.Environment, s.client.authority.Host) {
			return account, nil
		}
	}
	return public.Account{}, errNoAccount
}

// keepOnly forgets the accounts that signed in before this one: there is one
// account for a cache, the last that signed in.
func (s *Source) keepOnly(ctx context.Context, client public.Client, account public.Account) error {
	accounts, err := client.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, other := range accounts {
		if other.HomeAccountID == account.HomeAccountID {
			continue
		}
		if err := client.RemoveAccount(ctx, other); err != nil {
			return err
		}
	}
	return nil
}

func userToken(r public.AuthResult) token {
	return token{
		secret: auth.NewSecret(r.AccessToken), got: now(), expires: r.ExpiresOn.Round(0),
		account: r.Account.PreferredUsername,
	}
}
